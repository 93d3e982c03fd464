"""The shop, below `/s/<slug>/shop/`: for residents, for station hosts, for its keepers."""

from django.urls import path

from huipai.shop.pages import budget, counter, desk, keeping, own, proposing, public, recalling, stock

app_name = "shop"
urlpatterns = [
    path("", public.home, name="home"),
    path("items/<uuid:item_id>/", public.item, name="item"),
    path("items/<uuid:item_id>/reservation/", own.reserve, name="reserve"),
    path("about/", public.about, name="about"),
    path("mine/", own.mine, name="mine"),
    path("mine/card/blocking/", own.block_card, name="block_card"),
    path("reservations/<uuid:reservation_id>/", own.reservation, name="reservation"),
    path("reservations/<uuid:reservation_id>/cancellation/", own.cancel, name="cancel"),
    path("household/consent/", own.join_household, name="join_household"),
    path("counter/", counter.home, name="counter"),
    path("counter/<uuid:station_id>/", counter.station, name="station"),
    path("counter/<uuid:station_id>/code/", counter.look_up, name="look_up"),
    path("counter/<uuid:station_id>/hand-over/<uuid:reservation_id>/", counter.hand_over, name="hand_over"),
    path("counter/<uuid:station_id>/card/", counter.card, name="card"),
    path("counter/<uuid:station_id>/card/serving/", counter.serve, name="serve"),
    path("counter/<uuid:station_id>/stock/", stock.station_stock, name="station_stock"),
    path("counter/<uuid:station_id>/counting/", stock.counting, name="counting"),
    path("counter/<uuid:station_id>/stock/<uuid:item_id>/count/", stock.count, name="count"),
    path("counter/<uuid:station_id>/stock/<uuid:item_id>/write-off/", stock.write_off, name="write_off"),
    path("counter/<uuid:station_id>/stock/<uuid:item_id>/recall/", recalling.recall, name="recall"),
    path("desk/", desk.home, name="desk"),
    path("desk/items/new/", proposing.new, name="new_item"),
    path("desk/items/<uuid:item_id>/", desk.item, name="desk_item"),
    path("desk/items/<uuid:item_id>/words/", proposing.change, name="change_item"),
    path("desk/items/<uuid:item_id>/photo/", keeping.photo, name="item_photo"),
    path("desk/items/<uuid:item_id>/photo/release/", keeping.release, name="release_photo"),
    path("desk/items/<uuid:item_id>/withdrawal/", keeping.withdraw, name="withdraw_item"),
    path("desk/items/<uuid:item_id>/arrivals/", stock.arrive, name="arrive"),
    path("desk/items/<uuid:item_id>/transfer/", stock.transfer, name="transfer"),
    path("desk/proposals/", proposing.proposals, name="proposals"),
    path("desk/proposals/<uuid:proposal_id>/approval/", proposing.approve, name="open_item"),
    path("desk/proposals/<uuid:proposal_id>/refusal/", proposing.refuse, name="refuse_item"),
    path("desk/proposals/<uuid:proposal_id>/withdrawal/", proposing.withdraw, name="withdraw_proposal"),
    path("desk/budget/", budget.home, name="budget"),
    path("desk/budget/<uuid:budget_id>/approval/", budget.approve, name="approve_budget"),
    path("desk/budget/<uuid:budget_id>/refusal/", budget.refuse, name="refuse_budget"),
    path("desk/budget/<uuid:budget_id>/withdrawal/", budget.withdraw, name="withdraw_budget"),
    path("desk/cards/", desk.cards, name="cards"),
]
