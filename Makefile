# attend: everything is built from here, into build/<flavour>/.
#
#   make                 the suite           make demo    a throwaway kiosk
#   make check           every test          make lint    the static checks
#   make check-asan      the stories with sanitizers in every program
#   make install         DESTDIR= PREFIX=    make uninstall
#   make bench           measurements        make fuzz    SECONDS= a fuzzer
#   make bench-nss       beside other NSS modules
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

# Where things are installed. The modules and PAM's profiles go where libpam,
# glibc and pam-auth-update look, whatever PREFIX is.
MULTIARCH    := $(shell $(CC) -print-multiarch 2>/dev/null)
LIBDIR       ?= /usr/lib/$(MULTIARCH)
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
PAMCONFIGDIR ?= /usr/share/pam-configs
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
flags_tsan     := -O1 -g -fsanitize=thread -Wno-maybe-uninitialized
flags_fuzz     := -O1 -g -fsanitize=address,undefined,fuzzer-no-link
flags_coverage := -O0 -g --coverage
FLAGS := $(flags_$(FLAVOUR))
ld_release := -Wl,-z,defs
# The NSS module runs in every program, some hundred instructions a lookup: it
# is compiled as one piece. Short-lived ones pay most for loading it: two
# segments cost less than four.
lto_release := -O3 $(if $(findstring gcc,$(CC)),-flto)

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
VERBS     := $(patsubst %.c,$(B)/%.o,$(sort $(wildcard common/admin/verbs*.c)))
ATTENDD   := $(call objs,common/attendd common/admin) $(STORE) $(AUDIT) \
	$(VAULT) $(GATE) $(DIRECTORY) $(SENSOR_LAYER) $(BIO) $(DAEMON) \
	$(WIRE) $(BASE)
ATTENDCTL := $(call objs,common/attendctl) $(VERBS) $(B)/common/admin/json.o \
	$(B)/common/admin/print.o $(DIRECTORY) $(WIRE) $(BASE)
VERIFY    := $(call objs,common/attend-verify) $(AUDIT) $(VAULT) $(BASE)
RECEIPT   := $(call objs,common/attend-receipt) $(patsubst %,\
	$(B)/common/store/%.o,receipt event_bytes field) $(VAULT) $(BASE)
PAM       := $(call objs,pam_module) $(DIRECTORY) $(WIRE) $(BASE)
NSS       := $(patsubst %.o,%.lto.o,$(call objs,nss_module) $(DIRECTORY) $(BASE))
CORE_LIBS := $(shell $(PKG_CONFIG) --libs sqlite3 libsodium 2>/dev/null)
CORE_C    := $(shell $(PKG_CONFIG) --cflags sqlite3 libsodium 2>/dev/null)

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
STATIC    := $(patsubst %.c,$(B)/%,$(sort $(wildcard tests/nss/static_*.c)))
PRELOADED := $(B)/tests/lab/asleep
HELPERS   := $(filter-out $(STATIC) $(PRELOADED),$(patsubst %.c,$(B)/%,$(sort $(wildcard \
	tests/lab/*.c tests/pam/*.c tests/nss/*.c))))
MO        := $(patsubst packaging/po/%.po,$(B)/po/%.mo,$(wildcard packaging/po/*.po))

# A line a command; V=1 shows the commands themselves.
Q  := $(if $(V),,@)
say = $(if $(V),,@echo "  $(1) $@")

UNITS := $(patsubst packaging/systemd/%,$(B)/%,$(filter-out \
	$(if $(WITH_SENSOR),,%/attend-sensor.%),$(wildcard packaging/systemd/*)))
PRODUCTS := $(B)/pam_attend.so $(B)/libnss_attend.so.2 $(B)/attendd \
	$(B)/attendctl $(B)/attend-verify $(B)/attend-receipt \
	$(B)/attendctl.completion $(UNITS) $(MO) \
	$(if $(WITH_SENSOR),$(B)/attend-sensor)

.PHONY: all check check-built check-asan stories unit threaded demo bench benches \
	bench-built bench-nss bench-nss-built bench-match fuzz fuzz-built lint format \
	layering symbols headers placing manuals catalogues install uninstall clean setup FORCE
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
	$(Q)$(CC) -shared $(ALL_C) $(FLAGS) $(lto_$(FLAVOUR)) $(CFLAGS) $(ALL_LD) \
	    $(ld_$(FLAVOUR)) $(LDFLAGS) \
	    -Wl,-soname,libnss_attend.so.2 -Wl,-z,nodelete -Wl,-z,noseparate-code \
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

$(B)/attend-verify: $(VERIFY)
$(B)/attend-receipt: $(RECEIPT)
$(B)/attend-verify $(B)/attend-receipt:
	$(call say,LD)
	$(Q)$(CC) -pie $(FLAGS) $(ALL_LD) $(LDFLAGS) -o $@ $^ -lsodium

# Places are compiled in: other places, other objects.
PLACES := $(SBINDIR) $(LOCALEDIR) $(DATADIR)
$(B)/places: FORCE
	@mkdir -p $(@D)
	@echo '$(PLACES)' | cmp -s - $@ || echo '$(PLACES)' >$@
FORCE:

# Growing ridges is a great many sums.
$(FINGER): FLAGS += $(if $(filter release,$(FLAVOUR)),-O3)

$(B)/%.o: %.c Makefile $(B)/places
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(ALL_C) $(CORE_C) $(FLAGS) $(CFLAGS) $(CPPFLAGS) -MMD -MP -c -o $@ $<

$(B)/%.lto.o: %.c Makefile $(B)/places
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(ALL_C) $(FLAGS) $(lto_$(FLAVOUR)) $(CFLAGS) $(CPPFLAGS) \
	    -MMD -MP -c -o $@ $<

# The schema, numbered files in order, as one array of C strings.
$(B)/common/store/sql.c: $(sort $(wildcard common/store/sql/*.sql)) \
		common/store/embed.sh
	@mkdir -p $(@D)
	$(Q)sh common/store/embed.sh $(filter %.sql,$^) >$@
$(B)/common/store/sql.o: $(B)/common/store/sql.c
	$(call say,CC)
	$(Q)$(CC) $(ALL_C) $(CORE_C) $(FLAGS) $(CFLAGS) $(CPPFLAGS) -c -o $@ $<

$(B)/po/%.mo: packaging/po/%.po
	@mkdir -p $(@D)
	$(call say,MO)
	$(Q)$(MSGFMT) --check -o $@ $<

$(B)/tests/unit/test_%: $(B)/tests/unit/test_%.o $(UNIT_OBJ)
	$(call say,LD)
	$(Q)$(CC) -pie $(FLAGS) $(ALL_LD) $(LDFLAGS) -o $@ $^ $(CORE_LIBS) -lpam -lpthread -lm

# these load the built modules
$(B)/tests/unit/test_module $(B)/tests/unit/test_module_who: | \
	$(B)/pam_attend.so
$(B)/tests/unit/test_nss_process: | $(B)/libnss_attend.so.2

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

# The floor that bench_nss measures from.
$(B)/tests/bench/libnss_floor.so.2: tests/bench/nss_floor.c
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) -shared $(ALL_C) $(FLAGS) $(ALL_LD) -Wl,-soname,libnss_floor.so.2 \
	    -o $@ $<

# Small programs that tests run: callers of libpam, and who fills a directory.
$(B)/tests/lab/finger: $(FINGER) $(BIO)
$(B)/tests/lab/match: $(BIO)
$(B)/tests/lab/samefinger: $(filter-out $(BASE) $(DIRECTORY) %/main.o,$(ATTENDD))
$(B)/tests/lab/samefinger: HELPER_LIBS = $(CORE_LIBS)
$(HELPERS): $(B)/%: $(B)/%.o $(DIRECTORY) $(BASE)
	$(call say,LD)
	$(Q)$(CC) -pie $(FLAGS) $(ALL_LD) $(LDFLAGS) -o $@ $^ -lpam -lpthread -ldl -lm \
	    $(HELPER_LIBS)

$(B)/tests/lab/askfinger: $(SENSOR_LAYER) $(BIO) $(WIRE) $(BASE)

# One that is loaded into another program.
$(PRELOADED): $(B)/%: %.c
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) -std=c17 -D_GNU_SOURCE -O2 -fPIC $(WARN) -shared -o $@ $<

# One that is static, so without a sanitizer.
$(B)/tests/nss/static_%: tests/nss/static_%.c
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) -std=c17 -D_GNU_SOURCE -O2 $(WARN) -static -o $@ $<

unit: $(UNIT)

# The tests that look for races.
threaded: $(B)/tests/unit/test_nss $(B)/tests/unit/test_nss_process


# --- installing ------------------------------------------------------------
# One row a file: mode, source, target. uninstall reads the same list.

MANUALS := pam_module/pam_attend.8 nss_module/nss_attend.8 \
	common/attendd/attendd.8 common/attendd/attend.conf.5 \
	common/attendctl/attendctl.8 common/attend-verify/attend-verify.1 \
	common/attend-receipt/attend-receipt.1 \
	$(if $(WITH_SENSOR),common/attend-sensor/attend-sensor.8)
SENSOR_FILES := \
	0755:$(B)/attend-sensor:$(SBINDIR)/attend-sensor \
	0644:packaging/sysusers/attend-sensor.conf:$(SYSUSERSDIR)/attend-sensor.conf \
	0644:packaging/udev/70-attend-sensor.rules:$(UDEVDIR)/70-attend-sensor.rules
man_dir = $(MANDIR)/man$(patsubst .%,%,$(suffix $(1)))
FILES := \
	0644:$(B)/pam_attend.so:$(PAMDIR)/pam_attend.so \
	0644:$(B)/libnss_attend.so.2:$(LIBDIR)/libnss_attend.so.2 \
	0755:$(B)/attendd:$(SBINDIR)/attendd \
	0755:$(B)/attendctl:$(BINDIR)/attendctl \
	0755:$(B)/attend-verify:$(BINDIR)/attend-verify \
	0755:$(B)/attend-receipt:$(BINDIR)/attend-receipt \
	0644:packaging/pam-configs/attend:$(PAMCONFIGDIR)/attend \
	0644:packaging/pam-configs/attend-pin:$(PAMCONFIGDIR)/attend-pin \
	0644:packaging/sysusers/attend.conf:$(SYSUSERSDIR)/attend.conf \
	0644:packaging/tmpfiles/attend.conf:$(TMPFILESDIR)/attend.conf \
	$(foreach u,$(UNITS),0644:$(u):$(UNITDIR)/$(notdir $(u))) \
	$(if $(WITH_SENSOR),$(SENSOR_FILES)) \
	0644:packaging/attend.conf:$(DOCDIR)/attend.conf.example \
	0644:$(B)/attendctl.completion:$(COMPLETIONDIR)/attendctl \
	$(foreach m,$(MANUALS),0644:$(m):$(call man_dir,$(m))/$(notdir $(m))) \
	$(foreach n,$(wildcard packaging/notices/*.txt),0644:$(n):$(DATADIR)/notices/$(notdir $(n))) \
	$(foreach m,$(MO),0644:$(m):$(LOCALEDIR)/$(basename $(notdir $(m)))/LC_MESSAGES/attend.mo)

# What they start is where this PREFIX puts it.
$(UNITS): $(B)/%: packaging/systemd/% $(B)/places
	$(Q)sed 's|/usr/sbin/|$(SBINDIR)/|; s|/usr/bin/|$(BINDIR)/|' $< >$@

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
	@install -d -m 0755 "$(DESTDIR)/etc/attend"
	@# else each process searches the library folders for the NSS module
	@if [ -z "$(DESTDIR)" ] && command -v ldconfig >/dev/null; then \
	    ldconfig; fi

# Also undoes what the administrator switched on, while it still can.
uninstall:
	@if [ -z "$(DESTDIR)" ] && command -v pam-auth-update >/dev/null; then \
	    pam-auth-update --package --remove attend attend-pin; fi
	@set -e; for row in $(FILES); do \
	    rest=$${row#*:}; rm -f "$(DESTDIR)$${rest#*:}"; done
	@rm -f "$(DESTDIR)$(PAM_ALIAS)"
	@-rmdir --ignore-fail-on-non-empty "$(DESTDIR)/etc/attend" 2>/dev/null
	@if [ -z "$(DESTDIR)" ]; then grep -ls '"attendRecord": true' \
	    /run/userdb/* | while read -r f; do rm -f "$$f"; done; fi

# --- checks ----------------------------------------------------------------

setup:
	@sh tests/lab/setup.sh

lint: headers layering symbols placing manuals catalogues format

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
		$(B)/attendctl $(B)/attend-verify $(B)/attend-receipt \
		$(if $(WITH_SENSOR),$(B)/attend-sensor)
	@sh tests/lint/symbols.sh $(B)

# Every unit starts what `make install` with the same PREFIX has put there.
placing:
	@sh tests/lint/placing.sh

manuals:
	@sh tests/lint/manuals.sh $(MANUALS)
	@sh tests/lint/clauses.sh

# The message catalogues hold the sources' messages.
catalogues:
	@sh packaging/po/update.sh --check

# The lines changed since SINCE (default: the parent commit) are formatted.
format:
	@sh tests/lint/format.sh $(SINCE)

# Every test: units plain and under the sanitizers, then the stories.
check: setup
	@sh tests/lab/recordings.sh
	@$(MAKE) --no-print-directory check-built

check-built: all unit $(HELPERS) $(PRELOADED) $(STATIC)
	@$(MAKE) --no-print-directory FLAVOUR=asan unit
	@$(MAKE) --no-print-directory FLAVOUR=tsan threaded
	@tests/run

check-asan: setup
	@$(MAKE) --no-print-directory FLAVOUR=asan stories

stories: all $(HELPERS) $(PRELOADED)
	@ATT_BUILD=$(B) tests/run tests/stories/*.py

demo: setup
	@$(MAKE) --no-print-directory all
	@bash tests/demo.sh

BENCH_TIME ?= 3
bench: setup
	@$(MAKE) --no-print-directory all bench-built

benches: $(BENCHES)

bench-built: benches $(B)/tests/lab/finger
	@sh tests/bench/run.sh $(B)

# Our NSS module beside others, which come into the kiosk only.
bench-nss: setup
	@$(MAKE) --no-print-directory all bench-nss-built

bench-nss-built: $(B)/tests/bench/bench_nss $(B)/tests/bench/libnss_floor.so.2
	@ATT_BUILD=$(B) tests/bench/nss.py

# Matching fingers; with DATA=minutiae.csv.gz also real ones, which stay out of
# the repository. PEOPLE= no larger galleries, PARTS= only some of it.
bench-match: $(B)/tests/bench/bench_match $(B)/tests/bench/bench_gallery
	@DATA='$(DATA)' PEOPLE='$(PEOPLE)' $< $(PARTS)
	@$(if $(PARTS),,$(B)/tests/bench/bench_gallery)

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
