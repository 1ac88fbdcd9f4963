"""A fourth domain whose inputs existing readers know: one page file and one model folder, nothing else."""

import shutil
import subprocess
import sys
import textwrap

from mmcore import library
from tests.pages.conftest import ROOT

PAGE = '''
"""Garden: a leaf and what is known of its plant."""

from pages.shared import batch, guard, models, sources, view, workbench

TITLE = "Garden"
ICON = ":material/eco:"
ORDER = 20
DOMAIN = "garden"
SUMMARY = "A leaf and what is known of its plant."

guard.require_app()
model = models.choose(DOMAIN)
case = sources.show(DOMAIN, model.spec, model.folder)
if sources.many(DOMAIN):
    batch.show(DOMAIN, model)
elif case is not None and (built := view.build(model, case)) is not None:
    workbench.show(built)
'''

VISIT = """
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("app.py", default_timeout=120).run()
assert "Open garden" in [link.value for link in app.page_link], [link.value for link in app.page_link]
app.switch_page("pages/garden.py").run()
assert not app.exception, app.exception
app.get_by_key("garden.source").set_value("By hand").run()
app.get_by_key("garden.form.record.age").set_value(70.0)
app.form_submit_button[0].click().run()
assert not app.exception, app.exception
text = " ".join(str(m.value) for m in app.markdown)
assert "made by hand" in text and "Why " in text, text
"""


def test_one_page_file_and_one_model_folder_make_a_new_domain(tmp_path):
    for name in ("app.py", "pages", "mmcore", ".streamlit", "sample_data"):
        source = ROOT / name
        shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__")) if source.is_dir() else shutil.copy(
            source, tmp_path
        )
    (tmp_path / "pages" / "garden.py").write_text(PAGE)
    model = tmp_path / "mmcore" / "models" / "leaves"
    shutil.copytree(library.find("skin_lesion"), model)
    text = (model / "model.toml").read_text()
    model.joinpath("model.toml").write_text(
        text.replace('name = "skin_lesion"', 'name = "leaves"', 1).replace('domain = "medical"', 'domain = "garden"', 1)
    )
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(VISIT)], cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
