"""Schemes: published scoring rules as data, from a clerk's YAML file to the frozen edition that facts are priced with.

In reading order:

- `model`: the parts (prices, worths, items, ± rules, sections, vetoes, bands), and `edition`, which holds them together
- `catalog`: the schemes and calendar notices that come with the program
- `reading`: a scheme file's text -> its content, or every fault at once with line and column
- `tree`: YAML -> plain texts, lists and mappings that remember where they stood
- `scalars`, `pricing_format`, `rule_format`, `whole_format`, `format`: what a scheme file may say (pydantic), from a
  number to the whole, and the JSON Schema for editors
- `faults`: from a validator's finding to a sentence that says what is wrong and what would be right
- `sense`, `sense_*`: what a form cannot say: codes, sums, readings, prices, parts, bands that contradict each other
- `compiling`, `rule_compiling`: content -> edition, once
- `overlay`: points decided later for a scheme whose paper prints none

`edition` and `catalog` import neither YAML nor the validator before a file is read: most commands never read one.
"""
