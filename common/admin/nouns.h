/*
 * The verbs, one file a noun. Each is called by admin_run with a command
 * line that parses and a caller that may call it; store and vault are open
 * unless the table in admin.c says otherwise.
 */
#ifndef ATT_ADMIN_NOUNS_H
#define ATT_ADMIN_NOUNS_H

#include "admin/verbs.h"
#include "attendd/dialogue.h"

typedef enum verb_status
admin_verb(struct dialogue *d, const struct verb_call *call);

admin_verb init_run;
admin_verb employee_add, employee_list, employee_show, employee_set;
admin_verb employee_suspend, employee_resume, employee_end, employee_unlock;
admin_verb employee_erase;
admin_verb pin_set;
admin_verb consent_record, consent_withdraw, consent_show;
admin_verb guardian_record, guardian_withdraw, guardian_show;
admin_verb finger_enrol, finger_list, finger_delete, finger_test;
admin_verb finger_export, finger_import, finger_quality;
admin_verb notice_publish, notice_list, notice_show;
admin_verb request_open, request_verify, request_fulfil, request_refuse;
admin_verb request_list, request_show;
admin_verb disclose_run, export_run;
admin_verb attendance_list;
admin_verb import_csv;
admin_verb explain_run;
admin_verb audit_list, audit_verify, audit_export;
admin_verb directory_run;
admin_verb backup_run, restore_run, key_rotate, key_show, purge_run;
admin_verb doctor_run;
admin_verb publish_run;
admin_verb status_run;
admin_verb me_show, me_pin, me_notice, me_consent, me_withdraw, me_request;
admin_verb me_finger;

#endif
