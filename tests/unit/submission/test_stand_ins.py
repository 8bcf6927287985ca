"""Imports of what is not there, and what may be done with it."""

import importlib
import sys
from types import ModuleType

import pytest

from autograder.submission import stand_ins
from autograder.submission.stand_ins import StandInFinder, StandInModule


@pytest.fixture
def installed(monkeypatch):
    """Stand-ins installed on a machine where none of the optional packages is."""
    names = stand_ins._MISSING | {"matplotlib", "google"}
    for name in list(sys.modules):
        if name.split(".")[0] in names:
            monkeypatch.delitem(sys.modules, name)
    stand_ins.install()
    # Whatever this machine has installed, only the standard library is found.
    monkeypatch.setattr(sys, "path", [path for path in sys.path if "site-packages" not in path])
    for name in ("torch", "torch.utils"):
        module = ModuleType(name)
        module.__path__ = []
        monkeypatch.setitem(sys.modules, name, module)
    yield
    stand_ins.uninstall()


def run(source):
    namespace = {}
    exec(source.replace("PLT;", "import matplotlib.pyplot as plt\n"), namespace)
    return namespace


def test_install_is_idempotent_and_can_be_undone():
    before = list(sys.meta_path)
    modules = set(sys.modules)
    stand_ins.install()
    stand_ins.install()
    assert sum(isinstance(finder, StandInFinder) for finder in sys.meta_path) == 2
    importlib.import_module("torchviz")
    stand_ins.uninstall()
    assert sys.meta_path == before
    assert not {name for name in set(sys.modules) - modules if "torchviz" in name}
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("torchviz")


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    "source",
    [
        "import matplotlib; matplotlib.use('Agg'); print(matplotlib.__version__, end='')",
        "PLT;fig, ax = plt.subplots()\nax.plot([1]).set_label('x')",
        "from matplotlib import pyplot as plt\nfig, (a, b) = plt.subplots(1, 2)\na.set_title('x')",
        "PLT;_, axes = plt.subplots(2, 3)\naxes[1, 2].imshow(0)\n"
        "assert axes.shape == (2, 3) and len(axes.flat) == 6\n"
        "assert [len(row) for row in axes] == [3, 3]\n(a, b, c), d = axes\naxes[0][2].plot()\n"
        "for ax, i in zip(axes.ravel(), range(6)): ax.axis('off')\nassert i == 5",
        "PLT;_, axes = plt.subplots(nrows=4, ncols=1)\na, b, c, d = axes",
        "PLT;_, axes = plt.subplots(1, 1, squeeze=False)\naxes[0, 0].plot()",
        "PLT;with plt.style.context('ggplot') as s: plt.show()",
        "PLT;plt.plot([1], [2])[0].set_color('r')\nline, = plt.plot()",
        "PLT;n, bins, bars = plt.hist([1])\nfor b in bars: b.set_x(0)",
        "PLT;plt.rcParams['figure.dpi'] = 1\nplt.rcParams.update({})",
        "PLT;fig = plt.figure()\nax = fig.add_subplot(projection='3d')",
        "from mpl_toolkits.mplot3d import Axes3D\nimport seaborn as sns\nsns.set_theme()",
        "from matplotlib.animation import FuncAnimation as A\nA(1, 2).save('x').chained().calls",
        "from google.colab import drive\ndrive.mount('/content')\nimport google.colab.files",
        "from torch.utils.tensorboard import SummaryWriter\nSummaryWriter().close()",
        "import wandb\nwandb.init(project='x')\nwandb.log({'loss': 1})\nwandb.finish()",
        "from torchsummary import summary\nsummary(1, (1, 28, 28))",
        "import ipywidgets as w\n@w.interact(x=(0, 1))\ndef f(x): return 7\nassert f(1) == 7",
        "import pandas as pd\npd.DataFrame({'a': [1]}).plot()\nclass T(pd.Series): pass\nT(1).x",
        "from sklearn.model_selection import KFold\nimport cv2, requests, plotly.express",
        "from PIL import Image\nImage.open('x').convert('L')\nfrom IPython import display",
        "import urllib.request, urllib.parse\nassert urllib.parse.quote('a b') == 'a%20b'",
    ],
)
def test_drawing_and_logging_code_runs_through(source):
    run(source)


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    "source",
    [
        "from torchvision import datasets\ndatasets.MNIST('.', download=True)",
        "import torchvision\ntorchvision.datasets.CIFAR10('.')",
        "import torchvision.datasets as d\nd.FashionMNIST(root='.')",
        "from torchvision.datasets import MNIST\nMNIST(root='.')",
        "from torchvision.datasets import MNIST\nclass M(MNIST): pass\nM('.')",
        "from sklearn.datasets import fetch_openml\nfetch_openml('mnist_784')",
        "from torchaudio.datasets import YESNO\nYESNO('.')",
    ],
)
def test_data_sets_say_why_they_are_not_to_be_had(source):
    with pytest.raises(RuntimeError) as caught:
        run(source)
    assert str(caught.value) == (
        "No data set can be downloaded here; the grader hands the data to your functions."
    )


@pytest.mark.usefixtures("installed")
def test_transforms_give_back_what_they_are_given():
    found = run(
        "from torchvision import transforms\nfrom torchvision.transforms import v2, Lambda\n"
        "import torchvision.transforms.functional as F\n"
        "t = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.1,), (0.3,))])\n"
        "a, b, c, d = t(5), F.normalize(6, [0], [1]), v2.ToDtype(1)(7), Lambda(lambda x: x)(8)\n"
    )
    assert [found[name] for name in "abcd"] == [5, 6, 7, 8]


@pytest.mark.usefixtures("installed")
def test_progress_bars_iterate_for_real():
    found = run(
        "from tqdm import tqdm, trange\nimport tqdm as whole\nfrom tqdm.auto import tqdm as auto\n"
        "from tqdm.notebook import tqdm as book, trange as book_range\nimport tqdm.auto\n"
        "a = [list(t([1, 2], desc='x')) for t in (whole.tqdm, auto, book, tqdm.auto.tqdm)]\n"
        "b = list(trange(3)), list(book_range(1, 3, leave=False))\n"
        "with auto(total=5) as bar:\n    bar.update(2)\n    bar.set_postfix(loss=1)\n"
        "bar2 = auto(range(4))\nbar2.set_description('x')\nauto.write('x')\nlength = len(bar2)\n"
    )
    assert found["a"] == [[1, 2]] * 4
    assert found["b"] == ([0, 1, 2], [1, 2])
    assert (found["bar"].n, found["length"], bool(found["bar"])) == (2, 4, True)
    with pytest.raises(TypeError):
        len(found["auto"](iter([])))


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    "use",
    [
        "x + 1",
        "1 - x",
        "x > 0",
        "float(x)",
        "int(x)",
        "len(x)",
        "-x",
        "abs(x)",
        "round(x)",
        "sum([x])",
        "x @ x",
        "range(x)",
        "import_torch",
    ],
)
def test_numeric_use_raises(use):
    namespace = run("from sklearn.metrics import accuracy_score\nx = accuracy_score([1], [1])")
    namespace["import_torch"] = None
    if use == "import_torch":
        use = "__import__('math').sqrt(x)"
    with pytest.raises(TypeError):
        eval(use, namespace)


@pytest.mark.usefixtures("installed")
def test_stand_ins_say_what_they_are():
    namespace = run("import pandas as pd\nx = pd.read_csv('a')")
    assert repr(namespace["x"]) == "<stand-in for pandas.read_csv()>"


def test_a_package_that_is_installed_stays_real_and_plots_never_are():
    stand_ins.install()
    try:
        assert not isinstance(importlib.import_module("requests"), StandInModule)
        assert isinstance(importlib.import_module("matplotlib.pyplot"), StandInModule)
        with pytest.raises(ModuleNotFoundError):
            importlib.import_module("requests.no_such_part")
        with pytest.raises(ModuleNotFoundError):
            importlib.import_module("no_such_package")
    finally:
        stand_ins.uninstall()
