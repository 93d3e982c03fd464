"""Signs as they are written elsewhere, folded to those of the words that rules look for: no dictionary."""

from typing import Final

# 劵 is what people write for 券.
_SIGNS: Final = str.maketrans(
    "劵購禮現紅話費電儲預貨幣優滿減黃飾銀獎煙菸場車業繳額會員兌轉賬換錢氣寶條視頻遊戲點數禁錬圓發積與資掛鉤騙詐傳銷勵補貼領學戶評據許準嚴絕對給設決響單關個這級審醒識",
    "券购礼现红话费电储预货币优满减黄饰银奖烟烟场车业缴额会员兑转账换钱气宝条视频游戏点数禁链圆发积与资挂钩骗诈传销励补贴领学户评据许准严绝对给设决响单关个这级审醒识",
)


def simplified(text: str) -> str:
    """The same text with these signs as they are written here; every other sign stays as it is."""
    return text.translate(_SIGNS)
