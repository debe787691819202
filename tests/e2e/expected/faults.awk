# What the demo day's heats used, with its faults: reads a table of the day without faults
# (demo_heats.csv, demo_heats_lf.csv) and writes it as the return of steel and the new number leave
# it. The numbers are those of the demo plant's definition: at 17:45 40,000 of the 99,800 kg of
# 12602498 go into 12602501 and take floor(amount x 40,000 / 99,800) of every item along, in its
# smallest unit (thousandths; thermocouples are whole); 12602509 becomes 12602909.
function smallest(item) { return item == "thermocouple" ? 1 : 1000 }
function plain(amount,    text) {
    text = sprintf("%.3f", amount)
    sub(/\.?0+$/, "", text)
    return text
}
BEGIN { FS = OFS = ","; source = "12602498"; target = "12602501"; moved_kg = 40000 }
NR == 1 { print; next }
{
    heat[++rows] = $1; item[rows] = $2; amount[rows] = $3; steel_kg[rows] = $4
    if ($1 == source) {
        units = smallest($2)
        moved[$2] = int($3 * units * moved_kg / $4) / units
    }
}
END {
    for (i = 1; i <= rows; i++) {
        if (heat[i] == source) { amount[i] -= moved[item[i]]; steel_kg[i] -= moved_kg }
        if (heat[i] == target) { amount[i] += moved[item[i]]; steel_kg[i] += moved_kg }
        if (heat[i] == "12602509") heat[i] = "12602909"
        print heat[i], item[i], plain(amount[i]), steel_kg[i]
    }
}
