"""What a brief becomes."""


def test_a_text_sees_its_campaign_post_account_and_hashtags(render):
    assert (
        render("{{ campaign.title }}/{{ post.id }}/{{ account.name }} {{ hashtags }}")
        == "Time is now/tip/main #TimeIsNow"
    )


def test_an_absent_column_is_said_with_the_line_the_record_and_the_nearest_name(findings):
    (found,) = findings("Hello\n{{ record.nam }}\n", record={"key": "tarana-burke", "name": "Tarana"})
    assert found.rule == "template-undefined"
    assert str(found.place) == "campaigns/a.yaml:12"
    assert found.path == "posts.tip.text"
    assert "for record tarana-burke on main" in found.message
    assert found.mend == "Did you mean `record.name`?"
