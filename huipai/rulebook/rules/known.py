"""What the system has already, whatever people call it: nobody types it again. What a street begins with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from huipai.kit.verdict import Words


@dataclass(frozen=True, slots=True)
class Known:
    """One thing that the system has, where it has it, and the words by which people ask for it."""

    name: Words
    where: Words
    words: tuple[str, ...]


KNOWN: Final = (
    Known(_("姓名"), _("居民和工作人员的档案"), ("姓名", "名字", "称呼", "真实姓名", "联系人")),
    Known(_("电话"), _("登录用的手机号"),
          ("电话", "电话号码", "手机", "手机号", "手机号码", "联系电话", "联系方式", "联络方式", "联系手机")),
    Known(_("身份"), _("居民档案里的身份"), ("身份", "身份类别", "人员类别", "居民类别", "人群类别")),
    Known(_("住在哪一户"), _("网格树，一直到户"),
          ("住址", "地址", "家庭住址", "居住地址", "现住址", "详细地址", "楼栋", "楼号", "楼栋号", "单元", "单元号",
           "户", "户号", "门牌", "门牌号", "房号", "房间号")),
    Known(_("属于哪个网格"), _("网格树"),
          ("网格", "网格编号", "网格名称", "所属网格", "微网格", "社区", "所属社区", "所在社区", "小区", "所属小区")),
    Known(_("在哪里"), _("上报时的定位"),
          ("地点", "位置", "发生地点", "事发地点", "问题地点", "具体位置", "坐标", "经纬度", "定位")),
    Known(_("什么时候"), _("上报、办理、核查各步的时间"),
          ("时间", "日期", "发生时间", "发现时间", "事发时间", "上报时间", "报送时间", "登记时间", "填报时间",
           "填报日期", "办理时间", "办结时间", "处置时间", "完成时间")),
    Known(_("照片"), _("上报和处置时的照片"),
          ("照片", "图片", "现场照片", "问题照片", "处置照片", "处理前照片", "处理后照片")),
    Known(_("案件编号"), _("案件"), ("案件编号", "案件号", "案号", "事件编号", "工单号", "工单编号")),
    Known(_("案件类型"), _("案件"), ("事件类型", "案件类型", "问题类型", "事件类别", "问题类别", "案件类别")),
    Known(_("怎么办的"), _("案件和工单"),
          ("处置单位", "承办单位", "责任单位", "处置结果", "办理结果", "处理结果", "核查结果", "办理状态", "处置情况")),
    Known(_("谁在办"), _("案件和排班"),
          ("网格员", "网格员姓名", "处置人", "办理人", "经办人", "核查员", "核查人", "上报人", "报告人")),
    Known(_("积分"), _("积分账本"), ("积分", "积分数", "积分余额")),
)  # fmt: skip

# Whose it is says nothing else: 居民姓名, 报告人电话.
_WHOSE: Final = (
    "居民", "群众", "住户", "户主", "报告人", "上报人", "反映人", "申报人", "当事人", "联系人", "志愿者", "网格员",
    "本人",
)  # fmt: skip
_BETWEEN: Final = re.compile(r"[\s、，,。.·:：/\\|（）()【】\[\]《》\"“”'’*＊-]+")
_BY_WORD: Final = {word: known for known in KNOWN for word in known.words}


def known_as(field: str) -> Known | None:
    """What the system has under this name, if anything."""
    return next((_BY_WORD[word] for word in spellings(field) if word in _BY_WORD), None)


def spellings(field: str) -> tuple[str, ...]:
    """The field without signs and blanks; then what is left of it where it begins with whose it is."""
    word = _BETWEEN.sub("", field)
    whose = next((one for one in _WHOSE if word.startswith(one) and len(word) > len(one)), None)
    return (word, word.removeprefix(whose).removeprefix("的")) if whose else (word,)


def is_known(field: str, said: Mapping[str, bool]) -> bool:
    """Whether it counts as known: by what the street says of the nearest word, else by what it began with."""
    return next((said.get(word, True) for word in spellings(field) if word in said or word in _BY_WORD), False)
