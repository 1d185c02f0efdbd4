using NUnit.Framework;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;
using TaalasSim.Support;

namespace TaalasSim.ChipModel.Tests.Files;

[Category("Smoke")]
public class CommentedYamlTests
{
    private static FabricSpec Fabric(string name) => FabricFile.Read(Shared.InRepo($"chips/fabrics/{name}.yaml")) with { Published = null };

    [TestCase("hc1")]
    [TestCase("hc1-hbm")]
    [TestCase("tom")]
    [TestCase("groq-lpu")]
    public void A_commented_fabric_is_read_back_as_it_was(string name)
    {
        using var folder = new TemporaryFolder();
        var fabric = Fabric(name);
        Assert.That(FabricFile.Read(folder.Write("mine.yaml", CommentedYaml.Write(fabric))), Is.EqualTo(fabric));
    }

    [Test]
    public void A_commented_process_is_read_back_as_it_was()
    {
        using var folder = new TemporaryFolder();
        var process = TechnologyFile.Read(Shared.InRepo("chips/technology/n6.yaml"));
        Assert.That(TechnologyFile.Read(folder.Write("mine.yaml", CommentedYaml.Write(process))), Is.EqualTo(process));
    }

    [Test]
    public void Every_key_is_there_under_its_meaning_and_range()
    {
        var lines = CommentedYaml.Write(Fabric("hc1")).Split('\n');
        Assert.Multiple(() =>
        {
            foreach (var (name, field) in Keys(typeof(FabricSpec)))
            {
                var at = Array.FindIndex(lines, l => l.TrimStart(' ', '#').StartsWith($"{name}:", StringComparison.Ordinal));
                Assert.That(at, Is.Positive, $"{name} is missing");
                Assert.That(lines[at - 1].TrimStart(), Does.StartWith("#"), name);
            }

            var text = string.Join(' ', lines.Select(l => l.Trim(' ', '#')));
            Assert.That(text, Does.Contain("Inputs per bank. 1 … 1048576 rows."));
            Assert.That(lines, Has.Some.EqualTo("# hbm:"), "what the example leaves out is a comment");
            Assert.That(lines, Has.Some.EqualTo("#   # latency_ns:"), "with its keys");
            Assert.That(lines.Where(l => l.TrimStart().StartsWith('#')).Select(l => l.Length), Is.All.LessThanOrEqualTo(130));
        });
    }

    private static IEnumerable<(string Name, DescriptionField Field)> Keys(Type type) =>
        DescriptionField
            .Of(type)
            .Where(f => f.ItemType is null)
            .SelectMany(f => DescriptionField.IsRecord(f.Type) ? Keys(f.Type).Prepend((f.Name, f)) : [(f.Name, f)]);
}
