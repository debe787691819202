#include "report_chinese.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* A word of a report, and what it is to people. */
struct word {
    const char *text, *chinese;
};

static const struct word headings[] = {
    {"accept", "是否可行"},
    {"account", "账户"},
    {"acked_by", "确认人"},
    {"action", "措施"},
    {"actual_cost", "实际成本"},
    {"actual_price", "实际单价"},
    {"advised", "可用"},
    {"allowed", "允许耗用"},
    {"allowed_limit", "允许(限额)"},
    {"allowed_stretch", "挑战允许量"},
    {"allowed_target", "允许(目标)"},
    {"amount", "数量"},
    {"approvals", "已批准人"},
    {"approved_by", "批准人"},
    {"asked", "申报"},
    {"at", "时间"},
    {"at_completion", "完工估算"},
    {"availability", "时间开动率"},
    {"balance", "结余"},
    {"baseline", "基准线"},
    {"baseline_fixed", "基准固定量"},
    {"baseline_from", "基准起始"},
    {"baseline_per_tonne", "基准吨钢量"},
    {"baseline_r2", "基准R2"},
    {"baseline_shifts", "基准班数"},
    {"basis", "计算方式"},
    {"best_rate", "历史最好单耗"},
    {"booked", "已入账"},
    {"break_even_t", "盈亏平衡产量(吨/年)"},
    {"by", "经手人"},
    {"carried", "结转"},
    {"cause", "原因"},
    {"cause_en", "原因(英文)"},
    {"cause_zh", "原因名称"},
    {"causes", "原因代码"},
    {"charged_to", "责任方"},
    {"class", "成本类别"},
    {"cleared_at", "解除时间"},
    {"closed_at", "关闭时间"},
    {"closing", "期末料仓"},
    {"co2_kg", "CO2(kg)"},
    {"co2_per_tonne", "吨钢CO2"},
    {"code", "代码"},
    {"conflicts", "冲突"},
    {"consumed", "消耗量"},
    {"controllable", "可控"},
    {"cost_index", "成本绩效指数"},
    {"cost_variance", "成本偏差"},
    {"cost_with", "实施后年费用"},
    {"cost_without", "不实施年费用"},
    {"crew", "班组"},
    {"crew_shifts", "班数"},
    {"cumulated_pct", "累计%"},
    {"cusum", "累计偏差"},
    {"day", "生产日"},
    {"detail", "说明"},
    {"difference", "差额"},
    {"difference_pct", "差额%"},
    {"done_t", "完成产量(吨)"},
    {"duplicates", "重复"},
    {"earned", "已挣定额"},
    {"earned_value", "挣值"},
    {"effect", "有利/不利"},
    {"effectiveness", "性能效率"},
    {"end", "结束"},
    {"estimated_pct", "估算%"},
    {"expected", "预期耗用"},
    {"few_heats", "炉数不足"},
    {"figure", "指标"},
    {"fixed", "固定量"},
    {"floor", "下限"},
    {"forecast", "预测"},
    {"forfeited", "扣减(元)"},
    {"formulas", "公式"},
    {"from", "起"},
    {"gain", "年费用节约"},
    {"gap", "与最好差距"},
    {"gaps", "中断"},
    {"glitches", "毛刺"},
    {"good_heats", "合格炉数"},
    {"grade", "钢种"},
    {"hard", "硬性"},
    {"heat", "炉号"},
    {"heats", "炉数"},
    {"heats_weighed", "已称重炉数"},
    {"held", "待定"},
    {"holder", "承担者"},
    {"hurdle_pct", "基准收益率%"},
    {"id", "编号"},
    {"improvement_pct", "改进%"},
    {"incomplete", "不完整"},
    {"investment", "投资(元)"},
    {"irr_pct", "内部收益率%"},
    {"issued", "领料量"},
    {"item", "项目"},
    {"kept_by", "归口部门"},
    {"key", "对象"},
    {"kgce", "标准煤(kgce)"},
    {"kgce_per_tonne", "吨钢标准煤"},
    {"kind", "类型"},
    {"last_ts", "最后读数时间"},
    {"last_value", "最后读数"},
    {"late", "迟到"},
    {"left", "剩余量"},
    {"left_t", "剩余产量(吨)"},
    {"level", "级别"},
    {"limit", "限额"},
    {"line", "考核项"},
    {"loss", "损失(元)"},
    {"main", "总表"},
    {"main_amount", "总表量"},
    {"measure", "措施编号"},
    {"meter", "表计"},
    {"meters", "表计"},
    {"missing", "缺少"},
    {"name", "名称"},
    {"new_limit", "新限额"},
    {"new_target", "新目标"},
    {"normalised", "同钢种单耗"},
    {"note", "备注"},
    {"now", "现值"},
    {"npv", "净现值(元)"},
    {"nth", "第几条"},
    {"oee", "综合效率OEE"},
    {"of", "对象"},
    {"opened_at", "开单时间"},
    {"opening", "期初料仓"},
    {"order", "生产任务单"},
    {"ordinal", "序号"},
    {"other_grades", "缺钢种"},
    {"outcome", "结果"},
    {"over", "超限额"},
    {"over_approved_by", "超限额批准人"},
    {"overruns", "超支次数"},
    {"owner_crew", "归属班组"},
    {"owner_day", "归属生产日"},
    {"owner_shift", "归属班次"},
    {"paper", "单据"},
    {"part", "部分"},
    {"parts", "分表"},
    {"parts_amount", "分表量"},
    {"payback_years", "回收期(年)"},
    {"payload", "报文"},
    {"pending", "待填"},
    {"per_tonne", "吨钢"},
    {"percent", "百分比"},
    {"period", "周期"},
    {"person", "姓名"},
    {"planned_min", "计划时间(分)"},
    {"planned_t", "计划产量(吨)"},
    {"planned_value", "计划值"},
    {"points", "得分"},
    {"pool", "风险金(元)"},
    {"position", "日志位置"},
    {"price", "单价"},
    {"price_variance", "价差(元)"},
    {"production_min", "作业时间(分)"},
    {"provisional", "暂定"},
    {"put_back", "退料量"},
    {"quality", "数据质量"},
    {"quality_ratio", "合格率"},
    {"quota", "定额"},
    {"r2", "R2"},
    {"raised_at", "触发时间"},
    {"rank", "名次"},
    {"rate", "单耗"},
    {"rate_left", "剩余单耗"},
    {"reached", "达到水平"},
    {"readings", "读数"},
    {"reallocated", "重新分配"},
    {"reason", "理由"},
    {"recovered", "回收"},
    {"refused", "拒收"},
    {"replaced", "已被替代"},
    {"reserve", "预留"},
    {"resets", "复位"},
    {"responsible", "责任岗位"},
    {"retro", "追溯"},
    {"return_pct", "投资收益率%"},
    {"returned", "返还(元)"},
    {"reward", "奖励(元)"},
    {"reworked", "返工"},
    {"role", "作用"},
    {"run_min", "计划单炉(分)"},
    {"saving_units", "节约量"},
    {"saving_yuan", "年节约额(元)"},
    {"schedule_index", "进度绩效指数"},
    {"schedule_variance", "进度偏差"},
    {"scope", "范围"},
    {"share", "份额"},
    {"share_pct", "占比%"},
    {"shift", "班次"},
    {"shifts", "实施后班数"},
    {"signed", "签字值"},
    {"since", "自"},
    {"slip", "领料单"},
    {"slope", "吨钢斜率"},
    {"source", "出处"},
    {"spare", "余量"},
    {"spikes", "突跳"},
    {"spread", "按时间分摊"},
    {"stale", "失联"},
    {"standard_cost", "标准成本"},
    {"standard_cost_t", "吨钢标准成本"},
    {"standard_price", "标准单价"},
    {"start", "开始"},
    {"state", "状态"},
    {"stated_saving", "申报节约额(元)"},
    {"station", "工位"},
    {"stations", "工位"},
    {"steel_kg", "钢水(kg)"},
    {"sunk", "沉没成本(元)"},
    {"target", "目标"},
    {"to", "止"},
    {"to_crew", "转入班组"},
    {"tonnes", "产量(吨)"},
    {"topic", "主题"},
    {"total_variance", "总差异(元)"},
    {"transferred", "调剂"},
    {"ts", "时间"},
    {"unattainable", "无法达到"},
    {"unit", "单位"},
    {"usage_variance", "量差(元)"},
    {"used", "耗用"},
    {"value", "数值"},
    {"veto", "否决"},
    {"view", "口径"},
    {"vital", "关键少数"},
    {"weighed", "料斗称量"},
    {"weighing", "计量口径"},
    {"weight", "权重"},
    {"why", "变更原因"},
    {"within_band", "在允差内"},
    {"without_price", "无单价"},
};

/* Words that stand in cells; anything else that does is a name, an id or a text of somebody's. */
static const struct word words[] = {
    {"A", "不利"},
    {"F", "有利"},
    {"acked", "已确认"},
    {"amber", "黄"},
    {"approve", "批准"},
    {"before", "实施前一年"},
    {"book", "记账"},
    {"cast", "铸坯"},
    {"cause", "原因"},
    {"causes", "原因"},
    {"check", "核对"},
    {"cleared", "已解除"},
    {"clock", "当班"},
    {"close_slip", "关闭领料单"},
    {"closed", "已关闭"},
    {"controllable", "可控"},
    {"costs", "成本"},
    {"crew", "班组"},
    {"crew_period", "班组周期"},
    {"crews", "班组"},
    {"day", "每日"},
    {"decline", "否决"},
    {"declined", "已否决"},
    {"event", "事件"},
    {"fitted", "拟合"},
    {"frozen", "已冻结"},
    {"given", "给定"},
    {"good", "合格钢"},
    {"green", "绿"},
    {"heat", "炉"},
    {"held", "待定"},
    {"in_force", "已生效"},
    {"in_part", "部分关闭"},
    {"increment", "增量"},
    {"instruments", "计量部门"},
    {"issue", "领料"},
    {"item", "分项"},
    {"limit", "限额"},
    {"linear", "固定量加每吨"},
    {"measure", "节约措施"},
    {"meter", "表计"},
    {"month", "每月"},
    {"net", "净额"},
    {"nobody", "无"},
    {"noted", "已登记"},
    {"open", "未关闭"},
    {"over", "超限"},
    {"overruns", "超限"},
    {"owner", "归属"},
    {"pareto", "排列图"},
    {"pcs", "件"},
    {"period", "周期"},
    {"plan", "计划"},
    {"plant", "系统"},
    {"post", "岗位"},
    {"process", "过程"},
    {"proposed", "待批准"},
    {"put_back", "退料"},
    {"quarter", "每季"},
    {"quota", "定额"},
    {"quotas", "定额"},
    {"raised", "已触发"},
    {"rate", "速率"},
    {"recovered", "回收"},
    {"red", "红"},
    {"register", "计数器"},
    {"reserve", "预留"},
    {"result", "结果"},
    {"revise", "修订"},
    {"settled", "已处理"},
    {"settlement", "结算"},
    {"shelved", "已搁置"},
    {"shift", "每班"},
    {"shop", "全厂"},
    {"slip", "领料单"},
    {"station", "工位"},
    {"stretch", "挑战值"},
    {"tapped", "出钢"},
    {"target", "目标"},
    {"ten_days", "每旬"},
    {"tonne", "每吨"},
    {"transfer", "调剂"},
    {"use", "耗用"},
    {"used", "使用"},
    {"variance", "差异"},
    {"veto", "否决奖励"},
    {"workshop", "车间"},
    {"year", "每年"},
    {"yuan", "元"},
    {"yuan/t", "元/t"},
};

/* Columns whose cells are words, and those whose cells are ids of the plant; a meter's id stands on
 * the meter itself, and stays. */
static const char word_columns[] =
    " state level scope view kind role effect charged_to state_now state_signed line baseline "
    "account from to unit part "
    "basis reached weighing holder ";
static const struct word id_columns[] = {
    {"crew", "crew"},       {"owner_crew", "crew"},   {"to_crew", "crew"},
    {"shift", "shift"},     {"owner_shift", "shift"}, {"item", "item"},
    {"station", "station"}, {"quota", "quota"},       {"line", "quota"},
};

static const char *find(const struct word *list, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i].text, text) == 0) {
            return list[i].chinese;
        }
    }
    return NULL;
}

const char *report_chinese_heading(const char *column)
{
    const char *chinese = find(headings, COUNT(headings), column);
    return chinese != NULL ? chinese : column;
}

enum name_column { NAME_OF, NAME_ID, NAME_ZH, NAME_COLUMNS };

static const struct table_column name_columns[NAME_COLUMNS] = {
    {"of", TABLE_TEXT},
    {"id", TABLE_TEXT},
    {"name_zh", TABLE_TEXT},
};

static bool add_name(void *context, const struct reader_row *row)
{
    table_add(context, row->values);
    return true;
}

struct table *report_chinese_names(struct reader *reader, struct failure *failure)
{
    static const char sql[] = "SELECT 'crew', id, name_zh FROM crew WHERE no <> 0"
                              " UNION ALL SELECT 'item', id, name_zh FROM item"
                              " UNION ALL SELECT 'station', id, name_zh FROM station"
                              " UNION ALL SELECT 'quota', id, name_zh FROM quota"
                              " UNION ALL SELECT 'shift', id, name_zh FROM shift"
                              " UNION ALL SELECT 'meter', id, name_zh FROM meter";
    struct table *names = table_create(name_columns, NAME_COLUMNS);
    if (!reader_query(reader, sql, NULL, 0, add_name, names, failure)) {
        table_free(names);
        return NULL;
    }
    return names;
}

static const char *name_of(const struct table *names, const char *what, const char *id)
{
    for (size_t row = 0; row < table_row_count(names); row++) {
        const char *name = table_cell(names, row, NAME_ZH);
        if (strcmp(table_cell(names, row, NAME_OF), what) == 0 &&
            strcmp(table_cell(names, row, NAME_ID), id) == 0 && name != NULL && *name != '\0') {
            return name;
        }
    }
    return id;
}

/* A meter's id stands on the meter itself: it stays. */
const char *report_chinese_cell(const struct table_column *column, const struct table *names,
                                const char *cell)
{
    char spaced[64];
    const char *what = find(id_columns, COUNT(id_columns), column->name);
    if (cell == NULL) {
        return NULL;
    }
    if (column->kind == TABLE_BOOLEAN) {
        return strcmp(cell, "true") == 0 || strcmp(cell, "1") == 0 ? "是" : "否";
    }
    if (strcmp(column->name, "figure") == 0) {
        return report_chinese_heading(cell);
    }
    const char *name = what != NULL ? name_of(names, what, cell) : cell;
    if (strcmp(column->name, "key") == 0) { /* of whatever the report is by */
        name = name_of(names, "quota", cell);
        name = name != cell ? name : name_of(names, "crew", cell);
        name = name != cell ? name : name_of(names, "item", cell);
    }
    if (name != cell) {
        return name;
    }
    snprintf(spaced, sizeof spaced, " %.60s ", column->name);
    const char *word =
        strstr(word_columns, spaced) != NULL ? find(words, COUNT(words), cell) : NULL;
    return word != NULL ? word : cell;
}

void report_chinese_write(const struct table *table, const struct table *names, FILE *out)
{
    int count = table_column_count(table);
    struct table_column *columns = memory_zeroed((size_t)count, sizeof *columns);
    const char **cells = memory_zeroed((size_t)count, sizeof *cells);
    for (int i = 0; i < count; i++) {
        const struct table_column *column = table_column_at(table, i);
        bool counted = column->kind == TABLE_COUNT && strcmp(column->name, "points") == 0;
        columns[i].name = counted ? "点数" : report_chinese_heading(column->name);
        columns[i].kind = column->kind == TABLE_BOOLEAN ? TABLE_TEXT : column->kind;
    }
    struct table *shown = table_create(columns, count);
    for (size_t row = 0; row < table_row_count(table); row++) {
        for (int i = 0; i < count; i++) {
            cells[i] =
                report_chinese_cell(table_column_at(table, i), names, table_cell(table, row, i));
        }
        table_add(shown, cells);
    }
    table_write_text(shown, out);
    table_free(shown);
    free(cells);
    free(columns);
}
