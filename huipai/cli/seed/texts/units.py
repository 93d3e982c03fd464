"""Who handles what: the units of the two streets. Each community has its own property firm and its committee."""

from huipai.cli.seed.texts.words import UnitText

UNITS = (
    UnitText("U01", "柳溪片区物业联盟", "property", "柳溪社区"),
    UnitText("U02", "望山片区物业联盟", "property", "望山社区"),
    UnitText("U03", "新港片区物业联盟", "property", "新港社区"),
    UnitText("U04", "塘湾片区物业联盟", "property", "塘湾社区"),
    UnitText("U05", "柳溪社区居委会", "community", "柳溪社区"),
    UnitText("U06", "望山社区居委会", "community", "望山社区"),
    UnitText("U07", "新港社区居委会", "community", "新港社区"),
    UnitText("U08", "塘湾社区居委会", "community", "塘湾社区"),
    UnitText("U09", "云桥城管中队", "city_management", ""),
    UnitText("U10", "云桥路公交警务中心", "transit_police", ""),
    UnitText("U11", "云桥派出所", "police", ""),
    UnitText("U12", "云桥市政养护所", "municipal", ""),
    UnitText("U13", "云桥环卫所", "sanitation", ""),
    UnitText("U14", "云桥绿化所", "garden", ""),
    UnitText("U15", "云溪河道保洁站", "water", ""),
    UnitText("U16", "云桥消防工作站", "fire", ""),
    UnitText("U17", "云桥市场监管所", "market_supervision", ""),
    UnitText("U18", "清泉律师事务所驻街工作站", "law_office", ""),
)
HETANG_UNITS = (
    UnitText("H01", "荷塘片区物业联盟", "property", "荷塘社区"),
    UnitText("H02", "荷塘社区居委会", "community", "荷塘社区"),
    UnitText("H03", "荷塘城管中队", "city_management", ""),
    UnitText("H04", "荷塘公交警务中心", "transit_police", ""),
    UnitText("H05", "荷塘派出所", "police", ""),
    UnitText("H06", "荷塘市政养护所", "municipal", ""),
    UnitText("H07", "荷塘环卫绿化所", "sanitation", ""),
)
FALLBACK = "community"
