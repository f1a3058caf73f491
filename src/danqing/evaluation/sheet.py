"""Pictures nobody chose: fixed sentences, seed 0, one labelled sheet, for README and docs.

The sentences were written before any picture was seen and are never changed to suit one. A sheet
leaves by the same road as any picture: asked, permitted, checked, labelled, logged.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from danqing.engines.protocol import Engine, Rendered, Rng, Spec
from danqing.errors import InputError
from danqing.identity import identify
from danqing.policy import Cleared, Permit
from danqing.rendering import stand_ins
from danqing.request import make_prompt, make_request, read
from danqing.services import Services
from danqing.store import StoredSheet

SHEET_SENTENCES: tuple[str, ...] = (
    "一只猫", "三只红色的猫", "a blue dog", "画一只可爱的熊猫", "two rabbits", "一条锦鲤",
    "a purple elephant",
    "四只企鹅",
    "广式烧卖", "江南烧卖", "a bowl of hotpot", "糖葫芦", "小笼包", "zongzi", "一个汉堡",
    "a strawberry ice cream",
    "旗袍", "中国结", "an erhu", "京剧脸谱", "舞狮", "a blue and white porcelain vase", "剪纸",
    "春联",
    "天坛", "长城", "a Chinatown gate", "四合院", "高铁", "a red bus", "一艘帆船", "a rocket",
    "深肤色的医生", "a teacher with light skin", "中等肤色的厨师", "a dark-skinned woman astronaut",
    "胖女人", "a plus-size man", "戴头巾的女人", "a woman in a wheelchair",
    "爆炸头女人", "a boy with a high-top fade", "奶奶", "a delivery rider", "笑哭了",
    "a smiling face with sunglasses",
    "机器人", "a ghost",
    "猫在狗左边", "a fish above a boat", "左上角有一颗星星", "an apple on the right", "五个气球",
    "two yellow ducks",
    "红色的苹果和绿色的香蕉", "a panda eating a watermelon",
    "戴着皇冠的狗", "a fox riding a bicycle", "扁平风格的向日葵", "a glossy red heart",
    "蓝色背景的猫头鹰",
    "a house, paper style", "在长城的一只老虎", "圆胖风格的章鱼",
)  # fmt: skip
SANITY_SENTENCES: tuple[str, ...] = SHEET_SENTENCES[::4]
_CELL_PX = 256


def draw_sheet(
    services: Services, engine: Engine, sentences: Sequence[str], out: Path, seed: int = 0
) -> StoredSheet:
    """Draw each sentence once, put them on one numbered sheet, label it and write it to `out`.

    Raises InputError for a sentence the rules don't permit or a picture they withhold.
    """
    store = services.store
    cleared: list[Cleared] = []
    with ExitStack() as batches:
        for sentence in sentences:
            reading = read(make_prompt(sentence))
            request = make_request(
                reading, seeds=(seed,), width_px=_CELL_PX, height_px=_CELL_PX, engine=engine.name
            )
            identified = identify(
                request, services.person, batch_id=services.new_id(), clock=services.clock
            )
            store.begin(identified)
            batches.callback(store.finish, identified.batch_id)
            permit = services.policy.decide(identified)
            if not isinstance(permit, Permit):
                raise InputError("evaluation.not_permitted", sentence=sentence)
            spec = Spec(
                sentence,
                reading.prompt.language,
                reading.brief,
                _CELL_PX,
                _CELL_PX,
                request.style,
                stand_ins=stand_ins(reading),
            )
            result = next(iter(engine.generate([spec], [Rng(seed)])))
            rendered = Rendered(spec, seed, engine.name, engine.version, result)
            looked_at = services.policy.clear(permit, rendered)
            if not isinstance(looked_at, Cleared):
                raise InputError("evaluation.not_permitted", sentence=sentence)
            cleared.append(looked_at)
        sheet = services.labeller.label_sheet(cleared, artwork_id=services.new_id())
        return store.release_sheet(sheet, out)


def sentence_table(sentences: Sequence[str], columns: int = 4) -> str:
    """The numbered sentences as a Markdown table, in the sheet's order."""
    cells = [f"{n} {sentence}" for n, sentence in enumerate(sentences, 1)]
    cells += [""] * (-len(cells) % columns)
    rows = [cells[i : i + columns] for i in range(0, len(cells), columns)]
    lines = ["|" + "|".join([" "] * columns) + "|", "|" + "|".join(["---"] * columns) + "|"]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])
