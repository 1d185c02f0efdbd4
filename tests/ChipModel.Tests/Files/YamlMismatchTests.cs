using NUnit.Framework;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Tests.Files;

/// <summary>Keys that a description does not have, and those that it needs, are told in the words of the file.</summary>
[TestFixture]
[Category("Smoke")]
public sealed class YamlMismatchTests
{
    [TestCase("layers: 1\ndatatype: 2\n", "x.yaml:1: unknown key 'layers'; did you mean 'layer'?")]
    [TestCase("layer: 1\ndatatyp: 2\n", "x.yaml:2: unknown key 'datatyp'; did you mean 'datatype'?")]
    [TestCase("layer: 1\nwhatever: 2\n", "x.yaml:2: unknown key 'whatever'")]
    [TestCase("layer: 1\n", "x.yaml:1: missing keys: datatype")]
    [TestCase("layer: one\ndatatype: 2\n", "x.yaml:1: 'one' is not a whole number")]
    public void A_layer_with_other_keys(string text, string message) =>
        Assert.That(() => YamlReader.Parse<GdsLayer>(text, "x.yaml"), Throws.TypeOf<InputException>().With.Message.EqualTo(message));

    [Test]
    public void Keys_with_a_name_of_their_own_are_hinted_by_it() =>
        Assert.That(
            () => YamlReader.Parse<MatrixPlan>("tensr: blk.0.attn_q.weight\n", "x.yaml"),
            Throws.TypeOf<InputException>().With.Message.EqualTo("x.yaml:1: unknown key 'tensr'; did you mean 'tensor'?")
        );
}
