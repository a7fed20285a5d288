"""Chinese names of counties in tables for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow


def with_chinese_names(table: pyarrow.Table) -> pyarrow.Table:
    """The table with `name_zh` behind the code (or the name) of a county, where it has counties."""
    import numpy as np
    import pyarrow

    columns = table.column_names
    if "county" not in columns or "name_zh" in columns:
        return table
    if not pyarrow.types.is_integer(table.schema.field("county").type):
        return table
    from fupin.scenario.places import county_index

    records = county_index().records
    codes, which = np.unique(table["county"].to_numpy(), return_inverse=True)
    names = [records[code].name_zh if code in records else "" for code in codes.tolist()]
    after = columns.index("name") if "name" in columns else columns.index("county")
    column = pyarrow.array(np.array(names, object)[which], pyarrow.string())
    return table.add_column(after + 1, "name_zh", column)
