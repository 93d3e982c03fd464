"""What the gallery of components shows: every state once, and nobody's data."""

from datetime import datetime, timedelta

from django.templatetags.static import static

from huipai.web.chips import CHIPS


def of(now: datetime) -> dict[str, object]:
    said = [{"by": "them", "text": "一般几点开始堵？"}, {"by": "you", "text": "六点半以后，周末更早"}]
    return {
        "now": now,
        "states": list(CHIPS),
        "dues": [
            now - timedelta(hours=2),
            now + timedelta(minutes=80),
            now + timedelta(hours=8),
            now + timedelta(days=3),
            None,
        ],
        "pins": [
            {"title": "楼道停电瓶车充电", "place": "6 幢 2 单元", "state": "overdue", "east": -0.003, "north": 0.001},
            {"title": "分类点旁边堆了纸箱", "place": "北门", "state": "due_soon", "east": -0.001, "north": -0.0005},
            {"title": "车窗上贴了小广告", "place": "停车场", "state": "in_progress", "east": 0.002, "north": 0.0012},
            {"title": "步道井盖松了", "place": "步道", "state": "closed", "east": 0.004, "north": -0.001},
            {"title": "雨天撑伞送老人回家", "place": "新村", "state": "good_deed", "east": 0.0042, "north": -0.0012},
        ],
        "sample": static("web/icon.svg"),
        "steps": [
            {
                "title": "等您看看结果",
                "at": now,
                "kind": "now",
                "icon": "hand-finger",
                "text": "不点也会办结，之后还能重新打开。",
            },
            {"title": "社区问了一句", "at": now - timedelta(days=13), "icon": "message-question", "said": said},
            {"title": "改了类别", "at": now - timedelta(days=13), "kind": "internal", "icon": "pencil"},
            {"title": "您拍了照片", "at": now - timedelta(days=14), "icon": "camera"},
            {"title": "网格员到现场看", "kind": "next", "icon": "user-search", "text": "今天 17:30 前"},
        ],
    }
