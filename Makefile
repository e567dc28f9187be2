# attend: everything is built from here, into build/<flavour>/.
#
#   make                 the suite           make demo    a throwaway kiosk
#   make check           every test          make lint    the static checks
#   make install         DESTDIR= PREFIX=    make uninstall
#   make bench           measurements        make fuzz    SECONDS= a fuzzer
#   make bench-match     of matching fingers; DATA= minutiae of real ones
#
# Flavours (FLAVOUR=): release, asan, tsan, fuzz, coverage. They differ only
# in flags.

FLAVOUR ?= release
PREFIX  ?= /usr
DESTDIR ?=
SENSOR  ?= yes
WITH_SENSOR := $(filter yes,$(SENSOR))
VERSION := 0.1
B       := build/$(FLAVOUR)

CC_release := gcc
CC_fuzz    := clang
ifeq ($(origin CC),default)
CC := $(or $(CC_$(FLAVOUR)),gcc)
endif
PKG_CONFIG ?= pkg-config
MSGFMT     ?= msgfmt

# Where things are installed; the modules go where libpam and glibc look.
MULTIARCH    := $(shell $(CC) -print-multiarch 2>/dev/null)
LIBDIR       ?= $(PREFIX)/lib/$(MULTIARCH)
PAMDIR       ?= $(LIBDIR)/security
SBINDIR      ?= $(PREFIX)/sbin
BINDIR       ?= $(PREFIX)/bin
MANDIR       ?= $(PREFIX)/share/man
LOCALEDIR    ?= $(PREFIX)/share/locale
DATADIR      ?= $(PREFIX)/share/attend
DOCDIR       ?= $(PREFIX)/share/doc/attend
UNITDIR      ?= $(PREFIX)/lib/systemd/system
UDEVDIR      ?= $(PREFIX)/lib/udev/rules.d
SYSUSERSDIR  ?= $(PREFIX)/lib/sysusers.d
TMPFILESDIR  ?= $(PREFIX)/lib/tmpfiles.d
PAMCONFIGDIR ?= $(PREFIX)/share/pam-configs
COMPLETIONDIR ?= $(PREFIX)/share/bash-completion/completions

WARN := -Wall -Wextra -Wshadow -Wconversion -Wformat=2 -Wundef -Wvla \
	-Wswitch-enum -Wmissing-prototypes -Wstrict-prototypes \
	-Wpointer-arith -Wcast-qual -Wwrite-strings -Wno-unused-parameter
ALL_C := -std=c17 -D_GNU_SOURCE -Icommon -I. -fvisibility=hidden \
	-fstack-protector-strong -ffunction-sections -fdata-sections -fPIC \
	-DATT_VERSION='"$(VERSION)"' -DATT_SBINDIR='"$(SBINDIR)"' \
	-DATT_LOCALEDIR='"$(LOCALEDIR)"' -DATT_DATADIR='"$(DATADIR)"' \
	$(WARN) $(if $(WERROR),-Werror)
ALL_LD := -Wl,--gc-sections -Wl,-z,relro -Wl,-z,now -Wl,--as-needed

flags_release  := -O2 -g -D_FORTIFY_SOURCE=2
flags_asan     := -O1 -g -fsanitize=address,undefined \
	-fno-sanitize-recover=undefined -fno-omit-frame-pointer
flags_tsan     := -O1 -g -fsanitize=thread
flags_fuzz     := -O1 -g -fsanitize=address,undefined,fuzzer-no-link
flags_coverage := -O0 -g --coverage
FLAGS := $(flags_$(FLAVOUR))
ld_release := -Wl,-z,defs

objs = $(patsubst %.c,$(B)/%.o,$(sort $(foreach d,$(1),$(wildcard $(d)/*.c))))

# The architecture: a layer or product is folders, and a list of libraries.
BASE      := $(call objs,common/base)
WIRE      := $(call objs,common/wire)
DIRECTORY := $(call objs,common/directory)
GATE      := $(call objs,common/gate)
BIO       := $(call objs,common/bio)
VAULT     := $(call objs,common/vault)
AUDIT     := $(call objs,common/audit)
STORE     := $(call objs,common/store) $(B)/common/store/sql.o
DAEMON    := $(call objs,common/daemon)
SENSOR_LAYER := $(call objs,common/sensor)
CONFIG    := $(B)/common/attendd/config.o
VERBS     := $(patsubst %.c,$(B)/%.o,$(sort $(wildcard common/admin/verbs*.c)))
ATTENDD   := $(call objs,common/attendd common/admin) $(STORE) $(AUDIT) \
	$(VAULT) $(GATE) $(DIRECTORY) $(SENSOR_LAYER) $(BIO) $(DAEMON) \
	$(WIRE) $(BASE)
ATTENDCTL := $(call objs,common/attendctl) $(VERBS) $(WIRE) $(BASE)
PAM       := $(call objs,pam_module) $(DIRECTORY) $(WIRE) $(BASE)
NSS       := $(call objs,nss_module) $(DIRECTORY) $(BASE)
CORE_LIBS := -lsqlite3 -lsodium

# The one program that links libfprint, and so the only one that needs it:
# SENSOR=no leaves it out. Its rules can be tested without a reader.
READER     := $(patsubst %,$(B)/common/attend-sensor/%.o,others picture \
	plugin_frame reader settings) $(SENSOR_LAYER)
ATTENDSENSOR := $(sort $(call objs,common/attend-sensor) $(READER)) $(BIO) \
	$(DAEMON) $(WIRE) $(BASE)
FPRINT_C   = $(patsubst -I%,-isystem %,$(shell $(PKG_CONFIG) --cflags libfprint-2))
FPRINT_LIBS = $(shell $(PKG_CONFIG) --libs libfprint-2)

# What a unit test may stand on: everything but main(), and the tests' own
# helpers.
FINGER    := $(call objs,tests/finger)
UNIT_OBJ  := $(filter-out %/main.o,$(ATTENDD)) $(BIO) $(READER) $(FINGER) \
	$(call objs,pam_module nss_module) \
	$(filter-out $(B)/tests/unit/test_%,$(call objs,tests/unit))
UNIT      := $(patsubst %.c,$(B)/%,$(sort $(wildcard tests/unit/test_*.c)))
FUZZERS   := $(patsubst %.c,$(B)/%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
BENCHES   := $(patsubst %.c,$(B)/%,$(sort $(wildcard tests/bench/bench_*.c)))
HELPERS   := $(patsubst %.c,$(B)/%,$(sort $(wildcard tests/lab/*.c \
	tests/pam/*.c tests/nss/*.c)))
MO        := $(patsubst packaging/po/%.po,$(B)/po/%.mo,$(wildcard packaging/po/*.po))

# A line a command; V=1 shows the commands themselves.
Q  := $(if $(V),,@)
say = $(if $(V),,@echo "  $(1) $@")

PRODUCTS := $(B)/pam_attend.so $(B)/libnss_attend.so.2 $(B)/attendd \
	$(B)/attendctl $(B)/attendctl.completion $(MO) \
	$(if $(WITH_SENSOR),$(B)/attend-sensor)

.PHONY: all check check-built unit demo bench bench-built bench-match fuzz fuzz-built \
	lint format layering symbols headers manuals install uninstall clean setup
.DELETE_ON_ERROR:
.SECONDARY:

all: $(PRODUCTS)

$(B)/pam_attend.so: $(PAM) pam_module/pam_attend.map
	$(call say,LD)
	$(Q)$(CC) -shared $(FLAGS) $(ALL_LD) $(ld_$(FLAVOUR)) $(LDFLAGS) \
	    -Wl,-soname,pam_attend.so -Wl,-z,nodelete \
	    -Wl,--version-script=pam_module/pam_attend.map -o $@ $(PAM) -lpam

$(B)/libnss_attend.so.2: $(NSS) nss_module/nss_attend.map
	$(call say,LD)
	$(Q)$(CC) -shared $(FLAGS) $(ALL_LD) $(ld_$(FLAVOUR)) $(LDFLAGS) \
	    -Wl,-soname,libnss_attend.so.2 -Wl,-z,nodelete \
	    -Wl,--version-script=nss_module/nss_attend.map -o $@ $(NSS)

$(B)/attendd: $(ATTENDD)
	$(call say,LD)
	$(Q)$(CC) -pie $(FLAGS) $(ALL_LD) $(LDFLAGS) -o $@ $^ $(CORE_LIBS)

$(B)/attendctl: $(ATTENDCTL)
	$(call say,LD)
	$(Q)$(CC) -pie $(FLAGS) $(ALL_LD) $(LDFLAGS) -o $@ $^

$(B)/attend-sensor: $(ATTENDSENSOR)
	$(call say,LD)
	$(Q)$(CC) -pie $(FLAGS) $(ALL_LD) $(LDFLAGS) -o $@ $^ $(FPRINT_LIBS)
$(filter-out $(READER),$(call objs,common/attend-sensor)): ALL_C += $(FPRINT_C)

# Growing ridges is a great many sums.
$(FINGER): FLAGS += $(if $(filter release,$(FLAVOUR)),-O3)

$(B)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(ALL_C) $(FLAGS) $(CFLAGS) $(CPPFLAGS) -MMD -MP -c -o $@ $<

# The schema, numbered files in order, as one array of C strings.
$(B)/common/store/sql.c: $(sort $(wildcard common/store/sql/*.sql)) \
		common/store/embed.sh
	@mkdir -p $(@D)
	$(Q)sh common/store/embed.sh $(filter %.sql,$^) >$@
$(B)/common/store/sql.o: $(B)/common/store/sql.c
	$(call say,CC)
	$(Q)$(CC) $(ALL_C) $(FLAGS) $(CFLAGS) $(CPPFLAGS) -c -o $@ $<

$(B)/po/%.mo: packaging/po/%.po
	@mkdir -p $(@D)
	$(call say,MO)
	$(Q)$(MSGFMT) --check -o $@ $<

$(B)/tests/unit/test_%: $(B)/tests/unit/test_%.o $(UNIT_OBJ)
	$(call say,LD)
	$(Q)$(CC) -pie $(FLAGS) $(ALL_LD) $(LDFLAGS) -o $@ $^ $(CORE_LIBS) -lpam -lpthread -lm

# loads the built module
$(B)/tests/unit/test_module: | $(B)/pam_attend.so

$(B)/tests/fuzz/fuzz_%: $(B)/tests/fuzz/fuzz_%.o \
		$(filter-out %/main.o,$(ATTENDD)) $(BIO) $(READER)
	$(call say,LD)
	$(Q)$(CC) -pie $(FLAGS) -fsanitize=fuzzer $(ALL_LD) $(LDFLAGS) -o $@ $^ \
	    $(CORE_LIBS)

$(B)/tests/bench/bench_%: $(B)/tests/bench/bench_%.o \
		$(filter-out %/main.o,$(ATTENDD)) $(BIO) $(FINGER)
	$(call say,LD)
	$(Q)$(CC) -pie $(FLAGS) $(ALL_LD) $(LDFLAGS) -o $@ $^ $(CORE_LIBS) -lpam \
	    -lpthread -ldl -lm

$(B)/tests/bench/bench_match: $(patsubst %.c,$(B)/%.o,$(wildcard \
	tests/bench/match_*.c))

# Small programs that tests run: callers of libpam and of glibc's NSS.
$(HELPERS): $(B)/%: $(B)/%.o
	$(call say,LD)
	$(Q)$(CC) -pie $(FLAGS) $(LDFLAGS) -o $@ $^ -lpam -lpthread -ldl
$(B)/tests/lab/askfinger: $(SENSOR_LAYER) $(BIO) $(WIRE) $(BASE)

unit: $(UNIT)


# --- installing ------------------------------------------------------------
# One row a file: mode, source, target. uninstall reads the same list.

MANUALS := pam_module/pam_attend.8 nss_module/nss_attend.8 \
	common/attendd/attendd.8 common/attendd/attend.conf.5 \
	common/attendctl/attendctl.8 \
	$(if $(WITH_SENSOR),common/attend-sensor/attend-sensor.8)
SENSOR_FILES := \
	0755:$(B)/attend-sensor:$(SBINDIR)/attend-sensor \
	0644:packaging/sysusers/attend-sensor.conf:$(SYSUSERSDIR)/attend-sensor.conf \
	0644:packaging/udev/70-attend-sensor.rules:$(UDEVDIR)/70-attend-sensor.rules \
	0644:packaging/systemd/attend-sensor.service:$(UNITDIR)/attend-sensor.service \
	0644:packaging/systemd/attend-sensor.socket:$(UNITDIR)/attend-sensor.socket
man_dir = $(MANDIR)/man$(patsubst .%,%,$(suffix $(1)))
FILES := \
	0644:$(B)/pam_attend.so:$(PAMDIR)/pam_attend.so \
	0644:$(B)/libnss_attend.so.2:$(LIBDIR)/libnss_attend.so.2 \
	0755:$(B)/attendd:$(SBINDIR)/attendd \
	0755:$(B)/attendctl:$(BINDIR)/attendctl \
	0644:packaging/pam-configs/attend:$(PAMCONFIGDIR)/attend \
	0644:packaging/pam-configs/attend-pin:$(PAMCONFIGDIR)/attend-pin \
	0644:packaging/sysusers/attend.conf:$(SYSUSERSDIR)/attend.conf \
	0644:packaging/tmpfiles/attend.conf:$(TMPFILESDIR)/attend.conf \
	0644:packaging/systemd/attendd.service:$(UNITDIR)/attendd.service \
	0644:packaging/systemd/attendd.socket:$(UNITDIR)/attendd.socket \
	$(if $(WITH_SENSOR),$(SENSOR_FILES)) \
	0644:packaging/attend.conf:$(DOCDIR)/attend.conf.example \
	0644:$(B)/attendctl.completion:$(COMPLETIONDIR)/attendctl \
	$(foreach m,$(MANUALS),0644:$(m):$(call man_dir,$(m))/$(notdir $(m))) \
	$(foreach n,$(wildcard packaging/notices/*.txt),0644:$(n):$(DATADIR)/notices/$(notdir $(n))) \
	$(foreach m,$(MO),0644:$(m):$(LOCALEDIR)/$(basename $(notdir $(m)))/LC_MESSAGES/attend.mo)

# pam-auth-update replaces every "end" in a line by a number: its profile has
# to name the module so.
PAM_ALIAS := $(PAMDIR)/pam_att.so

$(B)/attendctl.completion: $(B)/attendctl
	$(Q)$(B)/attendctl --completion >$@

install: all
	@set -e; for row in $(FILES); do \
	    mode=$${row%%:*}; rest=$${row#*:}; \
	    install -D -m $$mode "$${rest%%:*}" "$(DESTDIR)$${rest#*:}"; \
	    echo "$(DESTDIR)$${rest#*:}"; \
	done
	@ln -sf pam_attend.so "$(DESTDIR)$(PAM_ALIAS)"

# Also undoes what the administrator switched on, while it still can.
uninstall:
	@if [ -z "$(DESTDIR)" ] && command -v pam-auth-update >/dev/null; then \
	    pam-auth-update --package --remove attend attend-pin; fi
	@set -e; for row in $(FILES); do \
	    rest=$${row#*:}; rm -f "$(DESTDIR)$${rest#*:}"; done
	@rm -f "$(DESTDIR)$(PAM_ALIAS)"

# --- checks ----------------------------------------------------------------

setup:
	@sh tests/lab/setup.sh

lint: headers layering symbols manuals format

# Each header compiles alone.
headers:
	@set -e; for h in $$(find common pam_module nss_module -name '*.h'); do \
	    echo "#include \"$$h\"" | $(CC) $(ALL_C) -Werror -fsyntax-only \
	        -x c - || { echo "$$h does not stand alone"; exit 1; }; done

# Includes point one way: base <- wire directory gate bio daemon <- vault <- audit <-
# store <- programs; plugins see base, wire and directory only.
layering:
	@sh tests/lint/layering.sh

# Both modules export exactly their entry points and need only libc (and
# libpam).
symbols: $(B)/pam_attend.so $(B)/libnss_attend.so.2 $(B)/attendd \
		$(B)/attendctl $(if $(WITH_SENSOR),$(B)/attend-sensor)
	@sh tests/lint/symbols.sh $(B)

manuals:
	@sh tests/lint/manuals.sh $(MANUALS)

# The lines changed since BASE (default: the parent commit) are formatted.
format:
	@sh tests/lint/format.sh $(BASE)

# Every test: units plain and under the sanitizers, then the stories.
check: setup
	@$(MAKE) --no-print-directory check-built

check-built: all unit $(HELPERS)
	@$(MAKE) --no-print-directory FLAVOUR=asan unit
	@tests/run

demo: setup
	@$(MAKE) --no-print-directory all
	@bash tests/demo.sh

BENCH_TIME ?= 3
bench: setup
	@$(MAKE) --no-print-directory all bench-built

bench-built: $(BENCHES)
	@sh tests/bench/run.sh $(B)

# Matching fingers; with DATA=minutiae.csv.gz also real ones, which stay out of
# the repository, and with PEOPLE= no larger galleries.
bench-match: $(B)/tests/bench/bench_match
	@DATA='$(DATA)' PEOPLE='$(PEOPLE)' $<

SECONDS ?= 60
fuzz:
	@$(MAKE) --no-print-directory FLAVOUR=fuzz CC=clang fuzz-built

fuzz-built: $(FUZZERS)
	@set -e; for f in $(FUZZERS); do \
	    n=$$(basename $$f | sed 's/^fuzz_//'); \
	    mkdir -p $(B)/corpus/$$n; \
	    echo "fuzz: $$n for $(SECONDS) s"; \
	    $$f -max_total_time=$(SECONDS) -timeout=10 -print_final_stats=1 \
	        -verbosity=0 -artifact_prefix=$(B)/corpus/$$n- \
	        $(B)/corpus/$$n tests/fuzz/corpus/$$n; done

clean:
	rm -rf build

-include $(shell find build/$(FLAVOUR) -name '*.d' 2>/dev/null)
