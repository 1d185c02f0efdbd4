using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.Gguf;

[TestFixture, Category("Compiler")]
public sealed class GgufSplitTests
{
    private TemporaryFolder _folder = null!;

    private string First => _folder.File("model-00001-of-00003.gguf");

    [SetUp]
    public void WriteGoodSplit()
    {
        _folder = new TemporaryFolder();
        Write(0, 3, 3, []);
        Write(1, 3, 3, ["a", "b"]);
        Write(2, 3, 3, ["c"]);
    }

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Split_model_opens_as_one()
    {
        using var file = GgufFile.Open(First);
        Assert.Multiple(() =>
        {
            Assert.That(
                file.Files.Select(path => Path.GetFileName(path)),
                Is.EqualTo(Enumerable.Range(1, 3).Select(i => $"model-0000{i}-of-00003.gguf"))
            );
            Assert.That(file.Tensors.Select(t => t.Name), Is.EqualTo(new[] { "a", "b", "c" }));
            Assert.That(file.Tensors.Select(t => t.Row(0)[0]), Is.EqualTo("abc"u8.ToArray()));
            Assert.That(file.Metadata.GetString("general.architecture"), Is.EqualTo("file 0"));
            Assert.That(file.FileBytes, Is.EqualTo(file.Files.Sum(path => new FileInfo(path).Length)));
        });
    }

    [Test]
    public void Later_file_points_to_the_first() =>
        Refused(_folder.File("model-00002-of-00003.gguf"), "is file 2 of a split model; open the first, ", "model-00001-of-00003.gguf");

    [Test]
    public void Missing_file_is_named()
    {
        File.Delete(_folder.File("model-00003-of-00003.gguf"));
        Refused(First, "model-00003-of-00003.gguf: missing");
    }

    [Test]
    public void Renamed_first_file_is_refused()
    {
        File.Move(First, _folder.File("renamed.gguf"));
        Refused(_folder.File("renamed.gguf"), "is one of 3 files of a split model; name them");
    }

    [Test]
    public void Files_in_the_wrong_order_are_refused()
    {
        Write(2, 3, 3, ["c"], fileNumber: 1);
        Refused(First, "key 'split.no': expected 1, found 2");
    }

    [Test]
    public void First_name_on_another_part_is_refused()
    {
        Write(1, 3, 3, [], fileNumber: 0);
        Refused(First, "key 'split.no': expected 0, found 1");
    }

    [Test]
    public void File_of_another_split_is_refused()
    {
        Write(1, 4, 3, ["a", "b"]);
        File.Move(_folder.File("model-00002-of-00004.gguf"), _folder.File("model-00002-of-00003.gguf"), overwrite: true);
        Refused(First, "key 'split.count': expected 3, found 4");
    }

    [Test]
    public void Wrong_tensor_total_is_refused()
    {
        Write(2, 3, 4, ["c"]);
        Refused(First, "model-00003-of-00003.gguf", "key 'split.tensors.count': expected 3, found 4");
    }

    [Test]
    public void Tensor_in_two_files_is_refused()
    {
        Write(2, 3, 3, ["a"]);
        Refused(First, "tensor 'a' is also in");
    }

    [Test]
    public void Part_without_split_keys_is_refused()
    {
        new GgufWriter().Save(_folder.File("model-00002-of-00003.gguf"));
        Refused(First, "key 'split.no': expected u16, found nothing");
    }

    [Test]
    public void Malformed_part_is_refused_by_its_own_name()
    {
        _folder.File("model-00002-of-00003.gguf", "nonsense"u8);
        Refused(First, "model-00002-of-00003.gguf: byte 0: not a GGUF file");
    }

    private static void Refused(string path, params string[] parts)
    {
        var fault = Assert.Throws<InputException>(() => GgufFile.Open(path).Dispose())!;
        Assert.Multiple(() =>
        {
            foreach (var part in parts)
                Assert.That(fault.Message, Does.Contain(part));
        });
    }

    private void Write(ushort number, ushort count, int tensors, string[] names, int? fileNumber = null)
    {
        var writer = new GgufWriter();
        writer.Add("general.architecture", $"file {number}");
        writer.Add("split.no", number);
        writer.Add("split.count", count);
        writer.Add("split.tensors.count", tensors);
        foreach (var name in names)
            writer.AddTensor(name, CodeFormats.FindGgml(24)!, [1], new[] { (byte)name[0] });
        writer.Save(_folder.File($"model-{(fileNumber ?? number) + 1:d5}-of-{count:d5}.gguf"));
    }
}
