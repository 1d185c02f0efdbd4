using NUnit.Framework;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Tests.Files;

/// <summary>A list of a description holds things.</summary>
[TestFixture]
[Category("Smoke")]
internal sealed class EmptyListItemTests
{
    [Test]
    public void An_empty_item_is_refused_with_its_line() =>
        Assert.That(
            () => YamlReader.Parse<Row>("name: a\nparts:\n- name: b\n-\n", "row.yaml"),
            Throws.TypeOf<InputException>().With.Message.Match("^row.yaml:4: an item .*empty")
        );

    [Test]
    public void Filled_items_are_read() =>
        Assert.That(
            YamlReader.Parse<Row>("name: a\nparts:\n- name: b\n- name: c\n", "row.yaml").Parts.Select(p => p.Name),
            Is.EqualTo(new[] { "b", "c" })
        );

    private sealed record Row
    {
        public required string Name { get; init; }

        public IReadOnlyList<Row> Parts { get; init; } = [];
    }
}
