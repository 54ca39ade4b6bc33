"""Where the ontology, the shapes and other files that ship with the package lie.

In a wheel they stand beside this module, in a checkout two folders up. Only these two places are looked at: a finder
that climbs all parent folders would hide a wheel without its data when it is run inside a checkout.
"""

from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE if (HERE / "ontology").is_dir() else HERE.parents[1]
ONTOLOGY = ROOT / "ontology"
SHAPES = ROOT / "shapes"
MODELS = HERE / "models"
FORM = HERE / "form" / "form.toml"  # the labels of the form, of use to reading pages without ruling lines too
UNITS = HERE / "narrative" / "units.toml"  # the grammar of quantities, of use to un-weaving too
