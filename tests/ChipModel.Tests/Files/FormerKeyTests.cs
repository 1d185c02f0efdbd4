using NUnit.Framework;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.Support;

namespace TaalasSim.ChipModel.Tests.Files;

[NonParallelizable]
[Category("Smoke")]
public class FormerKeyTests
{
    private readonly List<string> _notices = [];
    private string _folder = "";

    [SetUp]
    public void Listen()
    {
        _notices.Clear();
        YamlReader.FormerKeyRead = _notices.Add;
        _folder = TemporaryFolder.New();
        File.Copy(Shared.InRepo("chips/fabrics/hc1.yaml"), Path.Combine(_folder, "hc1.yaml"));
    }

    [TearDown]
    public void Silence()
    {
        YamlReader.FormerKeyRead = null;
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public void Former_keys_are_read_with_a_line_that_names_both()
    {
        var fabric = FabricFile.Read(Child("dies: 4\nbank: { scale_columns: 16 }\nsystem: { tensor_dies: 2 }"));
        Assert.Multiple(() =>
        {
            Assert.That(fabric.Bank.ColumnsPerScaleUnit, Is.EqualTo(16), "over the present key of the base");
            Assert.That(fabric.System.TensorParallelDies, Is.EqualTo(2));
            Assert.That(_notices, Has.Count.EqualTo(2));
            Assert.That(_notices, Has.Some.Contains("child.yaml:3: 'scale_columns' is now 'columns_per_scale_unit'"));
            Assert.That(_notices, Has.Some.Contains("child.yaml:4: 'tensor_dies' is now 'tensor_parallel_dies'"));
        });
    }

    [Test]
    public void Former_names_of_varied_fields_are_taken()
    {
        var fabric = FabricFile.Read(
            Shared.InRepo("chips/fabrics/hc1.yaml"),
            new Dictionary<string, string> { ["bank.scale_columns"] = "8" }
        );
        Assert.Multiple(() =>
        {
            Assert.That(fabric.Bank.ColumnsPerScaleUnit, Is.EqualTo(8));
            Assert.That(
                _notices,
                Is.EqualTo(
                    (string[])["field 'scale_columns' is now 'columns_per_scale_unit'; the next version will not read the former name"]
                )
            );
        });
    }

    [Test]
    public void Both_names_at_once_are_refused() =>
        Assert.That(
            () => FabricFile.Read(Child("bank:\n  scale_columns: 16\n  columns_per_scale_unit: 16")),
            Throws
                .TypeOf<InputException>()
                .With.Message.Contains("child.yaml:3: 'scale_columns' is the former name of 'columns_per_scale_unit'")
        );

    [Test]
    public void Present_keys_say_nothing()
    {
        FabricFile.Read(Shared.InRepo("chips/fabrics/hc1.yaml"));
        Assert.That(_notices, Is.Empty);
    }

    private string Child(string text)
    {
        var path = Path.Combine(_folder, "child.yaml");
        File.WriteAllText(path, $"base: hc1\n{text}\n");
        return path;
    }
}
