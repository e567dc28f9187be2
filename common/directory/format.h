/*
 * Contract 2, the published directory: this header is the format document.
 *
 * One file, DIRECTORY_PATH, mode 0644, owned by root or attend. A published
 * file is never written again and never shortened, except for one word in its
 * header, `superseded`, that the writer sets once after the rename that
 * replaced it. All integers are little-endian; offsets count bytes from the
 * start of the file; every table starts at a multiple of 64.
 *
 *	header, DIRECTORY_HEAD_LEN bytes
 *	  0  magic[8]		"ATTDIR\r\n"
 *	  8  u32 format		DIRECTORY_FORMAT
 *	 12  u32 superseded	0; 1 once another file has taken its place
 *				(the only word outside every check)
 *	 16  u64 size		of the whole file
 *	 24  u64 generation	of the store it was made from
 *	 32  i64 made_utc
 *	 40  key[16]		random per file, for the hashes and the checks
 *	 56  u32 flags		bit 0: enumeration is on; bit 1: records for
 *				systemd's user database are made of it;
 *				others 0
 *	 60  u32 id_min, 64 u32 id_max	every uid and every gid of a group or
 *				primary group lies within
 *	 68  u32 probe_max	longest probe of any index
 *	 72  8 tables, each u32 at, u32 n:
 *		people		n u32: offset of each person record, by number
 *		records		n bytes: the person records
 *		groups		n group records
 *		members		n bytes: the names of members
 *		by name, by uid, group by name, group by gid
 *				n slots, a power of two
 *	136  u64 content_check	over everything behind the header
 *	144  zeros
 *	248  u64 head_check	over bytes 0-11 and 16-247
 *
 *	index slot, u32: 0 free; else
 *	 bits 0-26	offset of the record, in units of
 *			DIRECTORY_RECORD_ALIGN
 *	 bits 27-31	the five highest bits of the key's hash
 *
 *	person record, at a multiple of 16, length as its fields say
 *	  0  u64 check		over the rest of the record
 *	  8  u32 uid, 12 u32 gid
 *	 16  u32 number		its own, counted from 0
 *	 20  u16 gids		how many
 *	 22  u16 home_len, 24 u16 shell_len, 26 u16 gecos_len
 *	 28  u8 name_len, 3 zeros
 *	 32  name, "*", gecos, home, shell, each with a terminator, zeros to
 *	     a multiple of 4, u32 gid[gids]
 *
 *	group record, DIRECTORY_GROUP_LEN bytes
 *	  0  u64 check		over the rest of the record
 *	  8  u64 members_check	over the names of its members
 *	 16  u32 gid
 *	 20  u32 members	how many
 *	 24  u32 members_at, 28 u32 members_len
 *	 32  name[32]		zero filled
 *
 * A person is one run of bytes with one check, so a lookup touches one index
 * slot and one record, and one flipped bit makes that record fail instead of
 * answering wrongly. Its strings stand as an answer of NSS has them, so that
 * giving one is one copy. A key sits at the slot its hash's low bits name or
 * behind it, wrapping around, with no free slot between, within probe_max
 * slots.
 *
 * A person's gid list holds the department and role groups and the site's
 * local groups, ascending, without the primary gid and without duplicates. A
 * group's members are the people whose gid list names it, in the order of
 * their numbers, as names that each end in a zero byte; people whose primary
 * group it is are not among them, as in the group file.
 *
 * Hashes and checks are directory_check() (hash.h) under key, each from its
 * seed; a hash is of a name's bytes or of an id's four. Names are chosen before
 * the key is, so nobody can choose them to meet in an index. Checks find
 * damage, they do not keep out somebody who may write the file. The content
 * check runs over each block of DIRECTORY_BLOCK_LEN bytes of the file, of the
 * first what is behind the header, the result of one the seed of the next.
 *
 * A block is what is written at once: as large as the pages that file systems
 * with large folios then map by one entry.
 *
 * Nothing else is in it: no birth dates, phones, card numbers or consents.
 */
#ifndef ATT_DIRECTORY_FORMAT_H
#define ATT_DIRECTORY_FORMAT_H

#define DIRECTORY_PATH	     "/var/cache/attend/directory"
#define DIRECTORY_MAGIC	     "ATTDIR\r\n"
#define DIRECTORY_FORMAT     1
#define DIRECTORY_HEAD_LEN   256
#define DIRECTORY_ALIGN	     64
#define DIRECTORY_PROBE_MAX  64
#define DIRECTORY_NAME_MAX   32
#define DIRECTORY_GIDS_MAX   256 /* groups of one person */
#define DIRECTORY_STRING_MAX 1024 /* bytes of home, shell or gecos */
#define DIRECTORY_SIZE_MAX   (1ull << 31)

#define DIRECTORY_SUPERSEDED_AT 12
#define DIRECTORY_ENUMERABLE	1u /* in flags */
#define DIRECTORY_USERDB	2u
#define DIRECTORY_BLOCK_LEN	(2u << 20)
#define DIRECTORY_RECORD_ALIGN	16
#define DIRECTORY_REF_BITS	27 /* of a slot */
#define DIRECTORY_SLOT_LEN	4
#define DIRECTORY_PERSON_LEN	32 /* without strings and gids */
#define DIRECTORY_TEXT_LEN	6 /* of the strings' terminators and "*" */
#define DIRECTORY_GROUP_LEN	64

#endif
