using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.Gguf;

[TestFixture, Category("Compiler")]
public sealed class GgufFileTests
{
    private const int F32 = 0;

    private readonly TemporaryFolder _folder = new();

    [OneTimeTearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCase(2u)]
    [TestCase(3u)]
    public void Header_alone_is_an_empty_model(uint version)
    {
        using var file = GgufFile.Open(_folder.File("empty.gguf", GgufBytes.Header(0, 0, version).ToArray()));
        Assert.Multiple(() =>
        {
            Assert.That(file.Version, Is.EqualTo((int)version));
            Assert.That(file.Tensors, Is.Empty);
            Assert.That(file.Metadata.Values, Is.Empty);
            Assert.That(file.Warnings, Is.Empty);
            Assert.That(file.FileBytes, Is.EqualTo(24));
        });
    }

    [TestCase(1, 4)]
    [TestCase(2, 4)]
    [TestCase(64, 64)]
    public void Alignment_of_the_file_decides_where_tensors_lie(int alignment, int secondOffset)
    {
        var bytes = GgufBytes
            .Header(2, 1)
            .Value("general.alignment", (uint)alignment)
            .Tensor("a", F32, 0, 1)
            .Tensor("b", F32, (ulong)secondOffset, 1)
            .Pad(alignment);
        var dataStart = bytes.Position;
        bytes.U32(0x3F800000).Pad(alignment).U32(0x40000000).Pad(alignment);
        using var file = GgufFile.Open(_folder.File($"align{alignment}.gguf", bytes.ToArray()));
        Assert.Multiple(() =>
        {
            Assert.That(file.Alignment, Is.EqualTo(alignment));
            Assert.That(file.Tensors.Select(t => t.Offset), Is.EqualTo(new long[] { dataStart, dataStart + secondOffset }));
            Assert.That(FirstRow(file, "a"), Is.EqualTo(new[] { 1f }));
            Assert.That(FirstRow(file, "b"), Is.EqualTo(new[] { 2f }));
        });
    }

    [Test]
    public void Tensor_with_a_zero_size_has_no_bytes()
    {
        var bytes = GgufBytes.Header(2, 0).Tensor("none", F32, 0, 0, 5).Tensor("one", F32, 0, 1).Pad().U32(0x3F800000).Pad();
        using var file = GgufFile.Open(_folder.File("zero.gguf", bytes.ToArray()));
        var none = file.Tensor("none", 0, 5);
        Assert.Multiple(() =>
        {
            Assert.That((none.Bytes, none.Rows, none.Elements), Is.EqualTo((0L, 0L, 0L)));
            Assert.That(() => none.Row(0).Length, Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(FirstRow(file, "one"), Is.EqualTo(new[] { 1f }));
        });
    }

    [Test]
    public void Tensor_without_dimensions_is_one_value()
    {
        using var file = GgufFile.Open(
            _folder.File("scalar.gguf", GgufBytes.Header(1, 0).Tensor("s", F32, 0).Pad().U32(0x3F800000).Pad().ToArray())
        );
        Assert.That(FirstRow(file, "s"), Is.EqualTo(new[] { 1f }));
    }

    [Test]
    public void Cut_inside_the_last_padding_is_accepted_with_a_warning()
    {
        using var file = GgufFile.Open(
            _folder.File("cut.gguf", GgufBytes.Header(1, 0).Tensor("t", F32, 0, 1).Pad().U32(0x3F800000).ToArray())
        );
        Assert.Multiple(() =>
        {
            Assert.That(file.Warnings, Has.Count.EqualTo(1).And.All.Contain("padding after the last tensor is cut short"));
            Assert.That(FirstRow(file, "t"), Is.EqualTo(new[] { 1f }));
        });
    }

    [Test]
    public void Odd_bool_reads_as_true_with_a_warning()
    {
        using var file = GgufFile.Open(
            _folder.File(
                "bool.gguf",
                GgufBytes.Header(0, 2).Text("b").I32(7).Raw([2]).Text("bs").I32(9).I32(7).I64(3).Raw([0, 1, 255]).ToArray()
            )
        );
        Assert.Multiple(() =>
        {
            Assert.That(file.Metadata.Get<bool>("b"), Is.True);
            Assert.That(file.Metadata.GetArray<bool>("bs"), Is.EqualTo(new[] { false, true, true }));
            Assert.That(file.Warnings, Has.Count.EqualTo(2).And.All.Contain("read as true"));
        });
    }

    [Test]
    public void Wrong_request_names_key_expected_and_found()
    {
        var path = Save("metadata.gguf", writer =>
        {
            writer.Add("a.count", 7u);
            writer.Add("a.name", "x");
            writer.AddArray("a.list", [1, 2]);
        });
        using var file = GgufFile.Open(path);
        var metadata = file.Metadata;
        Assert.Multiple(() =>
        {
            Refused(() => metadata.Get<uint>("a.missing"), "key 'a.missing': expected u32, found nothing");
            Refused(() => metadata.GetString("a.missing"), "expected string, found nothing");
            Refused(() => metadata.GetArray<int>("a.missing"), "expected array of i32, found nothing");
            Refused(() => metadata.GetStrings("a.missing"), "expected array of string, found nothing");
            Refused(() => metadata.Get<int>("a.count"), "key 'a.count': expected i32, found u32");
            Refused(() => metadata.TryGet<float>("a.count", out _), "expected f32, found u32");
            Refused(() => metadata.Get("a.count", 0f), "expected f32, found u32");
            Refused(() => metadata.TryGetString("a.count", out _), "expected string, found u32");
            Refused(() => metadata.Get<uint>("a.name"), "expected u32, found string");
            Refused(() => metadata.Get<int>("a.list"), "expected i32, found array of i32");
            Refused(() => metadata.TryGetArray<uint>("a.list", out _), "expected array of u32, found array of i32");
            Refused(() => metadata.TryGetStrings("a.list", out _), "expected array of string, found array of i32");
            Assert.That(metadata.TryGet<uint>("a.missing", out _), Is.False);
            Assert.That(metadata.TryGetString("a.missing", out _), Is.False);
            Assert.That(metadata.TryGetArray<int>("a.missing", out _), Is.False);
            Assert.That(metadata.TryGetStrings("a.missing", out _), Is.False);
            Assert.That(metadata.Get("a.missing", 5f), Is.EqualTo(5f));
            Assert.That(
                metadata.Values.Select(v => $"{v.Key}={v}"),
                Is.EqualTo(new[] { "a.count=7", "a.name='x'", "a.list=array of i32[2]" })
            );
        });
    }

    [Test]
    public void Wrong_shape_names_tensor_expected_and_found()
    {
        using var file = GgufFile.Open(
            Save("shape.gguf", writer => writer.AddTensor("w", CodeFormats.Named("f32"), [2, 3, 1], new byte[24]))
        );
        Assert.Multiple(() =>
        {
            Assert.That(file.Tensor("w", 2, 3).Rows, Is.EqualTo(3));
            Assert.That(file.Tensor("w", 2, 3, 1, 1).Rows, Is.EqualTo(3));
            Refused(() => file.Tensor("w", 3, 2), "tensor 'w': expected {3, 2}, found {2, 3, 1}");
            Refused(() => file.Tensor("w", 2), "expected {2}, found {2, 3, 1}");
            Refused(() => file.Tensor("v", 2), "tensor 'v': expected {2}, found nothing");
            Assert.That(file.TryGetTensor("v", out _), Is.False);
        });
    }

    [Test]
    public void Disposed_file_is_not_read()
    {
        var file = GgufFile.Open(Save("disposed.gguf", writer =>
            {
                writer.Add("k", 1u);
                writer.AddTensor("w", CodeFormats.Named("f32"), [1], new byte[4]);
            }));
        file.Dispose();
        Assert.Multiple(() =>
        {
            Assert.That(() => file.Tensors[0].Row(0).Length, Throws.InstanceOf<ObjectDisposedException>());
            Assert.That(() => file.Metadata.Get<uint>("k"), Throws.InstanceOf<ObjectDisposedException>());
            Assert.That(file.Dispose, Throws.Nothing, "a second time");
        });
    }

    [Test]
    public void Tensor_beyond_4_GiB_is_read_where_it_lies()
    {
        // A sparse file: 5 GiB of zeros that take no disk, then one row of ones.
        const long Rows = 5L << 20;
        const int RowLength = 1024;
        var bytes = GgufBytes.Header(1, 0).Tensor("big", 24, 0, RowLength, Rows).Pad().ToArray();
        var path = _folder.File("big.gguf", bytes);
        using (var stream = new FileStream(path, FileMode.Open, FileAccess.Write))
        {
            stream.Position = bytes.Length + ((Rows - 1) * RowLength);
            stream.Write(Enumerable.Repeat((byte)1, RowLength).ToArray());
        }
        using var file = GgufFile.Open(path);
        var big = file.Tensor("big", RowLength, Rows);
        Assert.Multiple(() =>
        {
            Assert.That(big.Bytes, Is.EqualTo(Rows * RowLength));
            Assert.That(big.Row(Rows - 1).ToArray(), Is.All.EqualTo(1));
            Assert.That(big.Row(Rows - 2).ToArray(), Is.All.EqualTo(0));
        });
    }

    private static void Refused(Func<object?> request, string message) =>
        Assert.That(() => request(), Throws.TypeOf<InputException>().With.Message.Contain(message));

    private static float[] FirstRow(GgufFile file, string name)
    {
        Assert.That(file.TryGetTensor(name, out var tensor), Is.True);
        var values = new float[tensor!.RowLength];
        tensor.DecodeRow(0, values);
        return values;
    }

    private string Save(string name, Action<GgufWriter> fill)
    {
        var writer = new GgufWriter();
        fill(writer);
        writer.Save(_folder.File(name));
        return _folder.File(name);
    }
}
