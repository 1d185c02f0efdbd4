using CsCheck;
using NUnit.Framework;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.Gguf;

[TestFixture, Category("Compiler")]
public sealed class GgufWriterTests
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>What to write under a key, and a check of what comes back.</summary>
    private sealed record Entry(Action<GgufWriter, string> Write, Func<GgufMetadata, string, bool> ReadsBack);

    private sealed record TensorCase(CodeFormat Type, long[] Dimensions, byte[] Bytes, bool Callback);

    private static readonly Gen<string> Text = Gen.String[Gen.Char['\u0001', '\ud7ff'], 0, 12];

    private static readonly Gen<Entry> Entries = Gen.OneOf(
        Scalar(Gen.Byte),
        Scalar(Gen.SByte),
        Scalar(Gen.UShort),
        Scalar(Gen.Short),
        Scalar(Gen.UInt),
        Scalar(Gen.Int),
        Scalar(Gen.ULong),
        Scalar(Gen.Long),
        Scalar(Gen.Float),
        Scalar(Gen.Double),
        Scalar(Gen.Bool),
        Array(Gen.Byte),
        Array(Gen.SByte),
        Array(Gen.UShort),
        Array(Gen.Short),
        Array(Gen.UInt),
        Array(Gen.Int),
        Array(Gen.ULong),
        Array(Gen.Long),
        Array(Gen.Float),
        Array(Gen.Double),
        Array(Gen.Bool),
        Text.Select(text => new Entry(
            (writer, key) => writer.Add(key, text),
            (metadata, key) => metadata.GetString(key) == text && metadata.TryGetString(key, out var again) && again == text
        )),
        Text.Array[0, 5]
            .Select(texts => new Entry(
                (writer, key) => writer.AddArray(key, (IReadOnlyList<string>)texts),
                (metadata, key) =>
                    metadata.GetStrings(key).SequenceEqual(texts)
                    && metadata.TryGetStrings(key, out var again)
                    && again.SequenceEqual(texts)
            )),
        Gen.Byte.Array[0, 6]
            .Array[0, 5]
            .Select(texts => new Entry(
                (writer, key) => writer.AddArray(key, (IReadOnlyList<byte[]>)texts),
                (metadata, key) =>
                    metadata.Find(key)!.TextBytes().Zip(texts, (a, b) => a.SequenceEqual(b)).All(same => same)
                    && metadata.Find(key)!.Count == texts.Length
            ))
    );

    private static readonly Gen<TensorCase> Tensors =
        from type in Gen.Int[0, CodeFormats.GgufTypes.Count - 1].Select(i => CodeFormats.GgufTypes[i])
        from blocks in Gen.Int[0, 3]
        from rest in Gen.Long[0, 4].Array[0, 3]
        from scalar in Gen.Int[0, 9]
        from callback in Gen.Bool
        let dimensions = scalar == 0 && type.BlockWeights == 1 ? [] : (long[])[(long)blocks * type.BlockWeights, .. rest]
        from bytes in Gen.Byte.Array[(int)type.BytesOf(dimensions.Aggregate(1L, (product, n) => product * n))]
        select new TensorCase(type, dimensions, bytes, callback);

    [OneTimeTearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Reader_returns_what_the_writer_was_given() =>
        Gen.Select(Entries.Array[0, 6], Tensors.Array[0, 5])
            .Sample(
                (entries, tensors) =>
                {
                    var writer = new GgufWriter();
                    for (var i = 0; i < entries.Length; i++)
                        entries[i].Write(writer, $"key.{i}");
                    for (var i = 0; i < tensors.Length; i++)
                    {
                        var (type, dimensions, bytes) = (tensors[i].Type, tensors[i].Dimensions, tensors[i].Bytes);
                        if (tensors[i].Callback)
                            writer.AddTensor($"tensor.{i}", type, dimensions, stream => stream.Write(bytes));
                        else
                            writer.AddTensor($"tensor.{i}", type, dimensions, bytes);
                    }
                    var path = _folder.File("round-trip.gguf");
                    writer.Save(path);

                    using var file = GgufFile.Open(path);
                    return file.Version == 3
                        && file.Warnings.Count == 0
                        && file.Metadata.Values.Select(v => v.Key).SequenceEqual(entries.Select((_, i) => $"key.{i}"))
                        && entries.Select((entry, i) => entry.ReadsBack(file.Metadata, $"key.{i}")).All(same => same)
                        && file.Tensors.Count == tensors.Length
                        && file.Tensors.Zip(tensors, Same).All(same => same);
                },
                iter: 300,
                threads: 1
            );

    [Test]
    public void File_bytes_are_those_of_the_format()
    {
        var writer = new GgufWriter();
        writer.Add("general.architecture", "llama");
        writer.AddArray("a", [1f, 2f]);
        writer.AddTensor("w", CodeFormats.Named("f16"), [3, 1], new byte[] { 1, 2, 3, 4, 5, 6 });
        writer.AddTensor("x", CodeFormats.FindGgml(24)!, [2], new byte[] { 7, 8 });
        using var stream = new MemoryStream();
        writer.WriteTo(stream);
        var expected = GgufBytes
            .Header(2, 2)
            .Text("general.architecture")
            .I32(8)
            .Text("llama")
            .Text("a")
            .I32(9)
            .I32(6)
            .I64(2)
            .U32(0x3F800000)
            .U32(0x40000000)
            .Tensor("w", 1, 0, 3, 1)
            .Tensor("x", 24, 32, 2)
            .Pad()
            .Raw([1, 2, 3, 4, 5, 6])
            .Pad()
            .Raw([7, 8])
            .Pad();
        Assert.That(stream.ToArray(), Is.EqualTo(expected.ToArray()));
    }

    [Test]
    public void Failed_save_leaves_the_old_file_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("model.gguf", "old"u8);
        var writer = new GgufWriter();
        writer.AddTensor("w", CodeFormats.Named("f32"), [2], stream => stream.Write(new byte[4]));
        Assert.Multiple(() =>
        {
            Assert.That(
                () => writer.Save(path),
                Throws.InvalidOperationException.With.Message.Contain("takes 8 bytes, but 4 were written")
            );
            Assert.That(File.ReadAllText(path), Is.EqualTo("old"));
            Assert.That(folder.Names, Is.EqualTo(new[] { "model.gguf" }));
        });
    }

    [Test]
    public void Wrong_use_is_refused()
    {
        var writer = new GgufWriter();
        writer.Add("k", 1u);
        writer.AddTensor("w", CodeFormats.Named("f32"), [1], new byte[4]);
        Assert.Multiple(() =>
        {
            Assert.That(() => writer.Add("k", 2u), Throws.ArgumentException, "duplicate key");
            Assert.That(() => writer.Add("", 2u), Throws.ArgumentException, "empty key");
            Assert.That(() => writer.Add("é", 2u), Throws.ArgumentException, "key that is not ASCII");
            Assert.That(() => writer.Add("general.alignment", 64u), Throws.ArgumentException);
            Assert.That(() => writer.Add("d", 1m), Throws.InstanceOf<NotSupportedException>(), "decimal");
            Assert.That(
                () => writer.AddTensor("w", CodeFormats.Named("f32"), [1], new byte[4]),
                Throws.ArgumentException,
                "duplicate tensor"
            );
            Assert.That(
                () => writer.AddTensor(new string('n', 64), CodeFormats.Named("f32"), [1], new byte[4]),
                Throws.ArgumentException,
                "long name"
            );
            Assert.That(
                () => writer.AddTensor("a", CodeFormats.Named("q4_0"), [33], new byte[18]),
                Throws.ArgumentException,
                "part of a block"
            );
            Assert.That(
                () => writer.AddTensor("b", CodeFormats.Named("f32"), [1, 1, 1, 1, 1], new byte[4]),
                Throws.ArgumentException,
                "five dimensions"
            );
            Assert.That(
                () => writer.AddTensor("c", CodeFormats.Named("f32"), [-1], new byte[4]),
                Throws.ArgumentException,
                "negative size"
            );
            Assert.That(
                () => writer.AddTensor("e", CodeFormats.Named("f32"), [1], new byte[5]),
                Throws.ArgumentException,
                "wrong byte count"
            );
        });
    }

    private static Gen<Entry> Scalar<T>(Gen<T> values)
        where T : unmanaged =>
        values.Select(value => new Entry(
            (writer, key) => writer.Add(key, value),
            (metadata, key) => metadata.Get<T>(key).Equals(value) && metadata.TryGet<T>(key, out var again) && again.Equals(value)
        ));

    private static Gen<Entry> Array<T>(Gen<T> values)
        where T : unmanaged =>
        values
            .Array[0, 5]
            .Select(array => new Entry(
                (writer, key) => writer.AddArray(key, array),
                (metadata, key) =>
                    metadata.GetArray<T>(key).SequenceEqual(array)
                    && metadata.TryGetArray<T>(key, out var again)
                    && again.SequenceEqual(array)
            ));

    private static bool Same(GgufTensor read, TensorCase written)
    {
        if (
            read.Type != written.Type
            || !read.Dimensions.SequenceEqual(written.Dimensions)
            || read.Bytes != written.Bytes.Length
            || read.Offset % 32 != 0
        )
            return false;
        var bytes = new List<byte>();
        for (long row = 0; row < read.Rows; row++)
            bytes.AddRange(read.Row(row));
        return bytes.SequenceEqual(written.Bytes);
    }
}
