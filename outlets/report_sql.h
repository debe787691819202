/* The SQL of the reports. Parameters: the filters of report.h as :name, with :from and :to in
 * microseconds and :day in days since 1970-01-01. */
#ifndef HEATLEDGER_REPORT_SQL_H
#define HEATLEDGER_REPORT_SQL_H

extern const char *const report_heats_sql;
extern const char *const report_crews_sql;
extern const char *const report_quotas_sql;
extern const char *const report_alerts_sql;
extern const char *const report_meters_sql;
extern const char *const report_balance_sql;
extern const char *const report_review_sql;
extern const char *const report_held_sql;
extern const char *const report_rejects_sql;

#endif
