"""How people word what they want: Chinese in both scripts and English, by what is asked.

Templates are filled with names from the lexicon. {n} a thing's name, {m} its measure word with 一
where one fits, {c} a colour. Several wordings each, short and long, as typed into a box.
"""

from __future__ import annotations

from danqing.request.types import Colour, Language

COLOUR_WORDS: dict[Language, dict[Colour, str]] = {
    "zh-Hans": {
        "red": "红色", "orange": "橙色", "yellow": "黄色", "green": "绿色", "cyan": "青色",
        "blue": "蓝色", "purple": "紫色", "pink": "粉色", "brown": "棕色", "black": "黑色",
        "white": "白色", "grey": "灰色",
    },
    "zh-Hant": {
        "red": "紅色", "orange": "橙色", "yellow": "黃色", "green": "綠色", "cyan": "青色",
        "blue": "藍色", "purple": "紫色", "pink": "粉紅色", "brown": "棕色", "black": "黑色",
        "white": "白色", "grey": "灰色",
    },
    "en": {
        "red": "red", "orange": "orange", "yellow": "yellow", "green": "green", "cyan": "cyan",
        "blue": "blue", "purple": "purple", "pink": "pink", "brown": "brown", "black": "black",
        "white": "white", "grey": "grey",
    },
}  # fmt: skip

STYLE_WORDS: dict[Language, dict[str, str]] = {
    "zh-Hans": {"noto": "emoji风格", "blob": "圆胖风格", "flat": "扁平风格", "glossy": "立体风格",
                "paper": "纸片风格", "danqing": "国风"},
    "zh-Hant": {"noto": "emoji風格", "blob": "圓胖風格", "flat": "扁平風格", "glossy": "立體風格",
                "paper": "紙片風格", "danqing": "國風"},
    "en": {"noto": "emoji style", "blob": "blob style", "flat": "flat style", "glossy": "3d style",
           "paper": "paper style", "danqing": "danqing style"},
}  # fmt: skip

TONE_WORDS: dict[Language, tuple[str, ...]] = {
    "zh-Hans": ("浅肤色", "中浅肤色", "中等肤色", "较深肤色", "深肤色"),
    "zh-Hant": ("淺膚色", "中淺膚色", "中等膚色", "較深膚色", "深膚色"),
    "en": ("light skin", "medium-light skin", "medium skin", "medium-dark skin", "dark skin"),
}

COUNT_WORDS: dict[Language, tuple[str, ...]] = {
    "zh-Hans": ("", "一", "两", "三", "四", "五"),
    "zh-Hant": ("", "一", "兩", "三", "四", "五"),
    "en": ("", "a", "two", "three", "four", "five"),
}

PLACE_WORDS: dict[Language, dict[str, str]] = {
    "zh-Hans": {"left": "左边", "right": "右边", "top": "上方", "bottom": "下方",
    "top-left": "左上角",
                "top-right": "右上角", "bottom-left": "左下角", "bottom-right": "右下角"},
    "zh-Hant": {"left": "左邊", "right": "右邊", "top": "上方", "bottom": "下方",
    "top-left": "左上角",
                "top-right": "右上角", "bottom-left": "左下角", "bottom-right": "右下角"},
    "en": {"left": "on the left", "right": "on the right", "top": "at the top",
           "bottom": "at the bottom", "top-left": "in the top left corner",
           "top-right": "in the top right corner", "bottom-left": "in the bottom left corner",
           "bottom-right": "in the bottom right corner"},
}  # fmt: skip

RELATION_WORDS: dict[Language, dict[str, tuple[str, ...]]] = {
    "zh-Hans": {"left-of": ("{a}在{b}左边", "{a}在{b}的左侧"), "right-of": ("{a}在{b}右边",
    "{a}在{b}的右侧"),
                "above": ("{a}在{b}上面", "{a}在{b}的上方"), "below": ("{a}在{b}下面",
                "{a}在{b}的下方")},
    "zh-Hant": {"left-of": ("{a}在{b}左邊", "{a}在{b}的左側"), "right-of": ("{a}在{b}右邊",
    "{a}在{b}的右側"),
                "above": ("{a}在{b}上面", "{a}在{b}的上方"), "below": ("{a}在{b}下面",
                "{a}在{b}的下方")},
    "en": {"left-of": ("{a} to the left of {b}", "{a} on the left of {b}"),
           "right-of": ("{a} to the right of {b}", "{a} on the right of {b}"),
           "above": ("{a} above {b}", "{a} over {b}"), "below": ("{a} below {b}", "{a} under {b}")},
}  # fmt: skip

SINGLE: dict[Language, tuple[str, ...]] = {
    "zh-Hans": (
        "{n}",
        "画{m}{n}",
        "{m}{n}",
        "帮我画{m}{n}",
        "来一张{n}的图片",
        "可爱的{n}",
        "我想要{m}{n}",
    ),
    "zh-Hant": ("{n}", "畫{m}{n}", "{m}{n}", "幫我畫{m}{n}", "可愛的{n}"),
    "en": ("{n}", "{an}", "draw {an}", "a picture of {an}", "draw me {an}, please", "cute {n}"),
}
COLOURED: dict[Language, tuple[str, ...]] = {
    "zh-Hans": ("{c}的{n}", "{m}{c}的{n}", "画{m}{c}的{n}", "帮我画{m}{c}{n}"),
    "zh-Hant": ("{c}的{n}", "{m}{c}的{n}", "畫{m}{c}的{n}"),
    "en": ("{an}", "draw {an}", "a picture of {an}"),
}
COUNTED: dict[Language, tuple[str, ...]] = {
    "zh-Hans": ("{k}{n}", "画{k}{n}", "一共{k}{n}", "我要{k}{n}"),
    "zh-Hant": ("{k}{n}", "畫{k}{n}", "我要{k}{n}"),
    "en": ("{k} {n}", "draw {k} {n}", "a picture of {k} {n}"),
}
BOTH: dict[Language, tuple[str, ...]] = {
    "zh-Hans": ("{a}和{b}", "画{a}和{b}", "{a}跟{b}"),
    "zh-Hant": ("{a}和{b}", "畫{a}和{b}"),
    "en": ("{a} and {b}", "draw {a} and {b}"),
}
PLACED: dict[Language, tuple[str, ...]] = {
    "zh-Hans": ("{p}有{m}{n}", "{m}{n}在{p}", "{p}画{m}{n}"),
    "zh-Hant": ("{p}有{m}{n}", "{m}{n}在{p}"),
    "en": ("{an} {p}", "draw {an} {p}"),
}
STYLED: dict[Language, tuple[str, ...]] = {
    "zh-Hans": ("{s}的{n}", "{n}，{s}", "画{m}{s}的{n}"),
    "zh-Hant": ("{s}的{n}", "{n}，{s}"),
    "en": ("{an} in {s}", "{n}, {s}", "draw {an} in {s}"),
}
TONED: dict[Language, tuple[str, ...]] = {
    "zh-Hans": ("{t}的{n}", "画一位{t}的{n}", "{n}，{t}"),
    "zh-Hant": ("{t}的{n}", "畫一位{t}的{n}"),
    "en": ("{an} with {t}", "{n}, {t}", "draw {an} with {t}"),
}
GROUNDED: dict[Language, tuple[str, ...]] = {
    "zh-Hans": ("{c}背景的{n}", "{n}，{c}背景", "{m}{n}，背景是{c}"),
    "zh-Hant": ("{c}背景的{n}", "{n}，{c}背景"),
    "en": ("{an} on a {c} background", "{n}, {c} background"),
}
SET: dict[Language, tuple[str, ...]] = {
    "zh-Hans": ("在{p}的{m}{n}", "{m}{n}，背景是{p}"),
    "zh-Hant": ("在{p}的{m}{n}", "{m}{n}，背景是{p}"),
    "en": ("{an} at the {p}", "{an} with the {p} in the background"),
}
DOING: dict[Language, dict[str, tuple[str, ...]]] = {
    "zh-Hans": {"eating": ("{a}在吃{b}", "{a}吃{b}", "正在吃{b}的{a}"), "holding": ("{a}拿着{b}",
    "拿着{b}的{a}"),
                "wearing": ("戴着{b}的{a}", "{a}戴着{b}"), "riding": ("{a}骑着{b}", "骑{b}的{a}")},
    "zh-Hant": {"eating": ("{a}在吃{b}", "{a}吃{b}"), "holding": ("{a}拿著{b}", "拿著{b}的{a}"),
                "wearing": ("戴著{b}的{a}", "{a}戴著{b}"), "riding": ("{a}騎著{b}", "騎{b}的{a}")},
    "en": {"eating": ("{a} eating {b}",), "holding": ("{a} holding {b}",),
           "wearing": ("{a} wearing {b}",), "riding": ("{a} riding {b}",)},
}  # fmt: skip

# Things one counts, each in one piece as drawn: concept → (measure word, English plural).
COUNTABLE: dict[str, tuple[str, str]] = {
    "cat": ("只", "cats"), "dog": ("只", "dogs"), "panda": ("只", "pandas"), "rabbit": ("只",
    "rabbits"),
    "pig": ("头", "pigs"), "elephant": ("头", "elephants"), "lion": ("头", "lions"), "tiger": ("只",
    "tigers"),
    "horse": ("匹", "horses"), "monkey": ("只", "monkeys"), "fox": ("只", "foxes"),
    "penguin": ("只", "penguins"),
    "duck": ("只", "ducks"), "owl": ("只", "owls"), "butterfly": ("只", "butterflies"),
    "honeybee": ("只", "honeybees"), "snail": ("只", "snails"), "turtle": ("只", "turtles"),
    "fish": ("条", "fish"), "octopus": ("只", "octopuses"), "crab": ("只", "crabs"), "whale": ("头",
    "whales"),
    "frog": ("只", "frogs"), "koala": ("只", "koalas"), "dolphin": ("只", "dolphins"),
    "sunflower": ("朵", "sunflowers"), "rose": ("朵", "roses"), "tulip": ("朵", "tulips"),
    "cactus": ("棵", "cacti"), "red-apple": ("个", "red apples"), "banana": ("个", "bananas"),
    "watermelon": ("个", "watermelons"), "strawberry": ("个", "strawberries"), "lemon": ("个",
    "lemons"),
    "pineapple": ("个", "pineapples"), "carrot": ("根", "carrots"), "tomato": ("个", "tomatoes"),
    "hamburger": ("个", "hamburgers"), "pizza": ("块", "pizzas"), "doughnut": ("个", "doughnuts"),
    "cookie": ("块", "cookies"), "birthday-cake": ("个", "birthday cakes"), "ice-cream": ("个",
    "ice creams"),
    "egg": ("个", "eggs"), "balloon": ("个", "balloons"), "soccer-ball": ("个", "soccer balls"),
    "basketball": ("个", "basketballs"), "guitar": ("把", "guitars"), "umbrella": ("把",
    "umbrellas"),
    "key": ("把", "keys"), "bell": ("个", "bells"), "crown": ("顶", "crowns"), "top-hat": ("顶",
    "top hats"),
    "automobile": ("辆", "automobiles"), "bus": ("辆", "buses"), "bicycle": ("辆", "bicycles"),
    "airplane": ("架", "airplanes"), "rocket": ("枚", "rockets"), "sailboat": ("艘", "sailboats"),
    "house": ("座", "houses"), "star": ("颗", "stars"), "camera": ("台", "cameras"), "robot": ("个",
    "robots"),
    "ghost": ("个", "ghosts"), "baozi": ("个", "baozi"), "zongzi": ("个", "zongzi"),
    "shumai-cantonese": ("个", "shumai"), "koi": ("条", "koi"), "teddy-bear": ("个", "teddy bears"),
    "mushroom": ("个", "mushrooms"), "red-paper-lantern": ("个", "red paper lanterns"),
}  # fmt: skip
TRADITIONAL_MEASURES = {
    "只": "隻",
    "个": "個",
    "头": "頭",
    "条": "條",
    "块": "塊",
    "顶": "頂",
    "辆": "輛",
}


def with_article(noun: str) -> str:
    """`apple` → `an apple`."""
    return f"{'an' if noun[:1].lower() in 'aeio' else 'a'} {noun}"


def measure_of(concept: str, kind: str, language: Language) -> str:
    """一 and the measure word that goes with a concept: 一只, 一位, 一个."""
    word = "位" if kind == "person" else "个"
    word = COUNTABLE.get(concept, (word, ""))[0]
    return "一" + (TRADITIONAL_MEASURES.get(word, word) if language == "zh-Hant" else word)
