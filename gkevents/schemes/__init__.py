"""Schemes: published scoring rules as data, from a clerk's YAML file to the frozen edition that facts are priced with.

In reading order:

- `model`: Scheme > Edition > Item > Rule as the house uses them; built from normalised content, without file or reader
- `catalog`: the schemes and calendar notices that come with the program
- `reading`: a scheme file's text -> its content, or every fault at once with line and column
- `tree`: YAML -> plain texts, lists and mappings that remember where they stood
- `scalars`, `rule_format`, `format`: what a scheme file may say (pydantic), and the JSON Schema for editors
- `faults`: from a validator's finding to a sentence that says what is wrong and what would be right
- `sense`, `sense_rules`, `sense_sums`: what a form cannot say: codes, sums, readings, prices that contradict each other
- `overlay`: points decided later for a scheme whose paper prints none

`model` and `catalog` import neither YAML nor the validator before a file is read: most commands never read one.
"""
