using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Safetensors;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.Safetensors;

/// <summary>Shards belong together; pickles are never opened.</summary>
[TestFixture, Category("Compiler")]
public sealed class SafetensorsModelTests
{
    private const string Index = "model.safetensors.index.json";

    [Test]
    public void Shards_appear_as_one_model()
    {
        using var folder = TwoShards("""{"metadata":{"total_size":24},"weight_map":{"a":"m-1.safetensors","b":"m-2.safetensors"}}""");
        using var model = SafetensorsModel.Open(folder.Path);
        Assert.Multiple(() =>
        {
            Assert.That(model.Tensors.Select(t => t.Name), Is.EqualTo((string[])["a", "b"]));
            Assert.That(model.Warnings, Is.Empty);
        });
    }

    [TestCase("""{"weight_map":{"a":"m-1.safetensors"}}""", 0)]
    [TestCase("""{"metadata":{"total_size":1},"weight_map":{"a":"m-1.safetensors","b":"m-2.safetensors"}}""", 1)]
    public void Oddities_are_warnings(string index, int warnings)
    {
        using var folder = TwoShards(index);
        using var model = SafetensorsModel.Open(folder.Path);
        Assert.That(model.Warnings, Has.Count.EqualTo(warnings));
    }

    [TestCase("[]", "expected a JSON object")]
    [TestCase("{}", "'weight_map'")]
    [TestCase("""{"weight_map":[]}""", "'weight_map'")]
    [TestCase("""{"weight_map":{}}""", "names no tensor")]
    [TestCase("""{"weight_map":{"a":1}}""", "expected the name of a file")]
    [TestCase("""{"weight_map":{"a":""}}""", "expected the name of a file")]
    [TestCase("""{"weight_map":{"a":"../m-1.safetensors"}}""", "expected the name of a file")]
    [TestCase("""{"weight_map":{"a":"/etc/passwd"}}""", "expected the name of a file")]
    [TestCase("""{"weight_map":{"a":"x\\y.safetensors"}}""", "expected the name of a file")]
    [TestCase("""{"weight_map":{"a":".."}}""", "expected the name of a file")]
    [TestCase("""{"weight_map":{"a":"m-1.safetensors","a":"m-1.safetensors"}}""", "there twice")]
    [TestCase("""{"weight_map":{"a":"m-3.safetensors"}}""", "m-3.safetensors: missing")]
    [TestCase("""{"weight_map":{"b":"m-1.safetensors"}}""", "'b' is not in 'm-1.safetensors'")]
    [TestCase("""{"weight_map":{"a":"m-2.safetensors","b":"m-2.safetensors"}}""", "'a' is not in 'm-2.safetensors'")]
    [TestCase("""{"weight_map":{"a":"m-1.safetensors",""", "is not valid JSON")]
    public void Malformed_index_is_refused_in_one_line(string index, string what)
    {
        using var folder = TwoShards(index);
        var fault = Assert.Throws<InputException>(() => SafetensorsModel.Open(folder.Path).Dispose())!;
        Assert.That(fault.Message, Does.Contain(what).And.Not.Contain("\n"));
    }

    [Test]
    public void Tensor_in_two_shards_is_refused()
    {
        using var folder = TwoShards("""{"weight_map":{"a":"m-1.safetensors","b":"m-2.safetensors"}}""");
        folder.File("m-2.safetensors", SafetensorsBytes.Of(("a", [2]), ("b", [4])));
        Assert.That(() => SafetensorsModel.Open(folder.Path), Throws.TypeOf<InputException>().With.Message.Contain("is also in"));
    }

    [TestCase("pytorch_model.bin")]
    [TestCase("consolidated.00.pth")]
    public void Pickle_is_refused_with_what_to_do(string name)
    {
        using var folder = new TemporaryFolder();
        folder.File(name, [0x80, 2]);
        Assert.That(
            () => SafetensorsModel.Open(folder.Path),
            Throws.TypeOf<InputException>().With.Message.Contain("is a pickle").And.Message.Contain("save_pretrained")
        );
    }

    private static TemporaryFolder TwoShards(string index)
    {
        var folder = new TemporaryFolder();
        folder.File("m-1.safetensors", SafetensorsBytes.Of(("a", [2])));
        folder.File("m-2.safetensors", SafetensorsBytes.Of(("b", [4])));
        folder.Write(Index, index);
        return folder;
    }
}
