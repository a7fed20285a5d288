"""One result as one HTML file: `page.write_report` reads a folder of a run or a comparison.

page        folder and language in, file out
run_*, comparison_*  what the sections of either kind say
shared      sections that both have: the document's table, how to read it, the manifest
vega        Vega-Lite specifications; no number is computed there
geometry    counties as polygons, or as a schematic map
drivers     what drives the answer
parts       what a page is made of: sections, tables, charts

All words stand in `fupin.words`, in two languages.
"""
