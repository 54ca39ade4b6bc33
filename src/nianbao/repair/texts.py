"""Make the folder of further training texts from public repositories: ``python -m nianbao.repair.texts --help``.

models/README.md names the repositories and commits. One paragraph a line, each once; what says the same as a text that
something is measured on is left out. The texts are not in this repository.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from hashlib import md5
from pathlib import Path

SHARED_GRAM = 16  # characters; a paragraph that shares many such stretches with a text held out is left out
MOST_SHARED, MOST_STRETCHES = 0.4, 60
HEADLINE = 30  # characters
CHINESE = re.compile("[\u4e00-\u9fff]")
FURNITURE = re.compile(r"央视网消息|责任编辑|点击|http|www\.|编辑：|\[视频\]|新闻联播文字|本期节目")
LEAD = re.compile(r"^(?:央视网消息)?（?新闻联播[^）]{0,8}）?[：:]|^央视网消息[^：]{0,12}：")
STATUTES = ("DLC", "行政法规", "行政法", "经济法", "社会法", "部门规章", "宪法相关法")


def bare(text: str) -> str:
    """The text without mark-up entities and white space."""
    return re.sub(r"[\s\u3000\u200b\ufeff\xa0]", "", html.unescape(text))


def of_page(page: str) -> Iterator[str]:
    """The paragraphs of a piece of HTML."""
    for part in re.split(r"</p>|<br\s*/?>|\n|</div>|</td>|</h\d>", page):
        yield LEAD.sub("", bare(re.sub("<[^>]+>", "", part)))


def news(folder: Path) -> Iterator[str]:
    """Transcripts of the television news: assets/YEAR/DAY.json."""
    for path in sorted(folder.glob("assets/*/*.json")):
        for item in json.loads(path.read_text("utf-8")).get("videoList") or []:
            yield from of_page((item.get("video_detail") or {}).get("content") or "")


def statutes(folder: Path) -> Iterator[str]:
    """Statutes and regulations: Markdown files by branch of law, without the numbers of articles."""
    for branch in STATUTES:
        for path in sorted((folder / branch).rglob("*.md")):
            for line in map(bare, path.read_text("utf-8").splitlines()):
                if not line.startswith(("#", "<!--")):
                    yield re.sub("^第[零一二三四五六七八九十百千]+条", "", line) if len(line) > 3 else line


def older_news(folder: Path) -> Iterator[str]:
    """Other transcripts of the same: news_content/DAY.json. Headlines are left out."""
    for path in sorted(folder.glob("news_content/*.json")):
        for text in of_page(json.loads(path.read_text("utf-8")).get("content") or ""):
            if len(text) > HEADLINE:
                yield text


def policy(folder: Path) -> Iterator[str]:
    """Policies and their explanations: result.txt (a document a line), *.sql (pages), policytxt.txt (broken lines)."""
    for path in sorted(folder.rglob("result.txt")):
        for line in path.read_text("utf-8", errors="ignore").split("\n"):
            yield from re.split("(?<=。)(?=[一二三四五六七八九十]、|（[一二三四五六七八九十]）)", bare(line))
    for path in sorted(folder.rglob("*.sql")):
        yield from of_page(re.sub(r"\\[rt]", "", path.read_text("utf-8", errors="ignore").replace("\\n", "\n")))
    for path in sorted(folder.rglob("policytxt.txt")):
        whole = ""
        for line in map(bare, path.read_text("utf-8", errors="ignore").split("\n")):
            whole += line
            if not line or line[-1] in "。；：":
                yield whole
                whole = ""


def stretches(text: str) -> list[int]:
    """The stretches of a text, as hashes."""
    return [hash(text[i : i + SHARED_GRAM]) for i in range(len(text) - SHARED_GRAM + 1)]


def chosen(paragraphs: Iterable[str], seen: set[bytes], held: set[int]) -> Iterator[str]:
    """The paragraphs that are Chinese prose, not yet seen, and not in a text held out."""
    for text in paragraphs:
        glyphs = len(CHINESE.findall(text))
        if glyphs < 8 or glyphs < 0.6 * len(text) or FURNITURE.search(text):
            continue
        key = md5(text.encode(), usedforsecurity=False).digest()[:8]
        if key in seen:
            continue
        seen.add(key)
        own = stretches(text)
        shared = sum(one in held for one in own)
        if shared <= MOST_SHARED * len(own) and shared <= MOST_STRETCHES:
            yield text


def main() -> None:
    """The command line."""
    shared = Path(os.environ.get("NIANBAO_SHARED", "../shared"))
    parser = argparse.ArgumentParser(prog="python -m nianbao.repair.texts", description="further training texts")
    parser.add_argument("--news", type=Path, help="work tree of the television news")
    parser.add_argument("--statutes", type=Path, help="work tree of the statutes")
    parser.add_argument("--older-news", type=Path, help="work tree of the older transcripts")
    parser.add_argument("--policy", type=Path, help="folder of policies and their explanations")
    parser.add_argument("--held-out", type=Path, nargs="*", default=[], help="further texts to be measured on")
    parser.add_argument("--output", type=Path, required=True)
    given = parser.parse_args()
    paths = [*shared.glob("lm-corpus/province*.txt"), *shared.glob("corpus/reports/*.clean.txt"), *given.held_out]
    paths += shared.glob("reports/*.txt")
    rows = [line for path in paths for line in path.read_text("utf-8").split("\n")]
    rows += [json.loads(path.read_text("utf-8"))["text"] for path in shared.glob("corpus/passages/*.json")]
    held = {one for row in rows for line in row.split("\n") for one in stretches(bare(line))}
    given.output.mkdir(parents=True, exist_ok=True)
    seen: set[bytes] = set()
    for name, folder, read in (
        ("news", given.news, news),
        ("news2", given.older_news, older_news),
        ("policy", given.policy, policy),
        ("statutes", given.statutes, statutes),
    ):
        if folder is not None:
            rows = list(chosen(read(folder), seen, held))
            (given.output / f"{name}.txt").write_text("\n".join(rows) + "\n", "utf-8")
            print(f"{name}: {len(rows)} paragraphs, {sum(map(len, rows))} characters", file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    main()
