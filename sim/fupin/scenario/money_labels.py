"""What stands at the head of rows that are no county: sums, prefectures, notes and signatures."""

from __future__ import annotations

import re

from fupin.scenario.places import PlaceError, county_index

TOTALS = {"合计", "总计", "总和", "共计", "总额", "累计", "合计数", "全省合计", "全省总计",
           "total",
           "sum", "grandtotal", "totals", "overall", "allcounties"}  # fmt: skip
SUBTOTALS = {"小计", "subtotal", "小计数"}
PROVINCE = {"province", "thewholeprovince", "wholeprovince", "全省", "河北省", "河北",
             "hebei", "hebeiprovince"}  # fmt: skip
NOT_BY_COUNTY = {"不分县", "省级", "省本级", "省直", "未分配", "省级不分县", "notbycounty",
                  "provincenotbycounty", "provincial"}  # fmt: skip
NOTE = re.compile(
    r"^(注|备注|说明|附注|资料来源|数据来源|制表|填表|填报|审核|复核|负责人|单位负责人|联系人|联系电话|"
    r"经办|note|source|remark|prepared by|signed|approved)", re.IGNORECASE,
)  # fmt: skip
SIGNED = re.compile(r"[:：]")
"""With NOTE: a row is signed, 填表人：张三, whatever follows in its other cells."""


def summed_place(text: str) -> str | None:
    """The prefecture that a label such as 邯郸市小计 sums up; None of any other label."""
    for word in sorted(TOTALS | SUBTOTALS, key=len, reverse=True):
        if text.endswith(word) and text != word:
            try:
                return county_index().prefecture(text.removesuffix(word))
            except PlaceError:
                return None
    return None
