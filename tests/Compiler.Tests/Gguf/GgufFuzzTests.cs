using System.Buffers.Binary;
using System.Diagnostics;
using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.Gguf;

/// <summary>Damaged files end in an <see cref="InputException"/> of one line or a model that can be read; in bounded memory and
/// time.</summary>
[TestFixture, Category("Compiler")]
public sealed class GgufFuzzTests
{
    private static readonly long[] Extremes =
    [
        -1,
        long.MinValue,
        long.MaxValue,
        1L << 62,
        0x7FFFFFFFFFFFFFC0,
        uint.MaxValue,
        int.MaxValue,
        1L << 30,
        0,
        1,
        256,
    ];

    private readonly TemporaryFolder _folder = new();

    [OneTimeTearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Good_file_cut_at_any_byte_is_refused()
    {
        var (path, _) = SmallModel("cut.gguf");
        using var stream = Writable(path);
        var accepted = new List<long>();
        // The last tensor is a byte long: a cut in the padding after it loses nothing.
        for (var length = stream.Length; length-- > 0; )
        {
            stream.SetLength(length);
            if (Accepts(path))
                accepted.Add(length);
        }
        Assert.That(accepted, Has.Count.EqualTo(31));
    }

    [Test]
    public void Header_with_any_byte_changed_is_refused_or_readable()
    {
        var (path, headerBytes) = SmallModel("flip.gguf");
        using var stream = Writable(path);
        var refused = 0;
        for (var at = 0; at < headerBytes; at++)
        {
            foreach (var flip in new byte[] { 0x01, 0x80, 0xFF })
            {
                stream.Position = at;
                var old = (byte)stream.ReadByte();
                Put(stream, at, [(byte)(old ^ flip)]);
                if (!Accepts(path))
                    refused++;
                Put(stream, at, [old]);
            }
        }
        Assert.That(refused, Is.GreaterThan(headerBytes), "most changes matter");
        Assert.That(Accepts(path), Is.True, "restored");
    }

    [Test]
    public void Mutated_models_are_refused_or_readable()
    {
        string[] models = [.. GgufGoldenTests.Models()];
        var mutations = Shared.All ? 10_000 : 1_000;
        var random = new Random(20260823);
        var refused = 0;
        const int PerModel = 50;
        for (var done = 0; done < mutations; done += PerModel)
        {
            var bytes = File.ReadAllBytes(Shared.Path($"golden/{models[done / PerModel % models.Length]}"));
            var path = _folder.File("mutated.gguf", bytes);
            int headerBytes;
            using (var good = GgufFile.Open(path))
                headerBytes = (int)good.Tensors[0].Offset;
            using var stream = Writable(path);
            for (var i = 0; i < PerModel; i++)
            {
                Mutate(random, stream, headerBytes);
                if (random.Next(10) == 0)
                    stream.SetLength(random.Next(bytes.Length));
                if (!Accepts(path))
                    refused++;
                Put(stream, 0, bytes);
                stream.SetLength(bytes.Length);
            }
        }
        Assert.That(refused, Is.InRange(mutations / 10, mutations - 1), "both ends are reached");
    }

    /// <summary>Changes 1 to 4 places of the header: a random byte, or a field set to a number that tempts arithmetic to
    /// overflow.</summary>
    private static void Mutate(Random random, FileStream stream, int headerBytes)
    {
        var places = random.Next(1, 5);
        for (var i = 0; i < places; i++)
        {
            // The first entries and the tensor directory hold more structure than the vocabulary between them.
            var at = random.Next(3) switch
            {
                0 => random.Next(400),
                1 => Math.Max(0, headerBytes - 1 - random.Next(3000)),
                _ => random.Next(headerBytes),
            };
            var field = new byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(field, Extremes[random.Next(Extremes.Length)]);
            Put(stream, at, random.Next(2) == 0 ? [(byte)random.Next(256)] : field[..(random.Next(2) == 0 ? 4 : 8)]);
        }
    }

    private static bool Accepts(string path)
    {
        var fileBytes = new FileInfo(path).Length;
        var clock = Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            using var file = GgufFile.Open(path);
            // Names cost a few objects each, of at least 13 bytes in the file.
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan((1 << 20) + (32 * fileBytes)), "memory to open");
            ReadAll(file);
            return true;
        }
        catch (InputException fault)
        {
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan((1 << 20) + (32 * fileBytes)), "memory to refuse");
            Assert.That(fault.Message, Does.Not.Contain("\n").And.Length.LessThan(4000));
            return false;
        }
        finally
        {
            Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(20)));
        }
    }

    private static void ReadAll(GgufFile file)
    {
        foreach (var value in file.Metadata.Values)
        {
            Assert.That(value.ToString(), Is.Not.Null);
            if (value.ElementType == GgufValueType.String)
                Assert.That(value.Texts(), Has.Length.EqualTo(value.Count));
        }
        foreach (var tensor in file.Tensors.Where(t => t.Rows > 0))
        {
            var values = new float[tensor.RowLength];
            tensor.DecodeRow(0, values);
            tensor.DecodeRow(tensor.Rows - 1, values);
        }
    }

    /// <summary>A model with every kind of entry; returns its path and the bytes before its data.</summary>
    private (string Path, int HeaderBytes) SmallModel(string name)
    {
        var writer = new GgufWriter();
        writer.Add("general.architecture", "llama");
        writer.Add("u8", (byte)1);
        writer.Add("i16", (short)-2);
        writer.Add("u32", 3u);
        writer.Add("f64", 4.0);
        writer.Add("bool", true);
        writer.AddArray("list", [1f, 2f, 3f]);
        writer.AddArray("texts", ["one", "", "three"]);
        writer.AddTensor("matrix", CodeFormats.Named("q4_0"), [64, 2], new byte[72]);
        writer.AddTensor("empty", CodeFormats.Named("f32"), [0], default(ReadOnlyMemory<byte>));
        writer.AddTensor("last", CodeFormats.FindGgml(24)!, [1], new byte[1]);
        var path = _folder.File(name);
        writer.Save(path);
        using var file = GgufFile.Open(path);
        return (path, (int)file.Tensors[0].Offset);
    }

    private static FileStream Writable(string path) => new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);

    private static void Put(FileStream stream, long at, ReadOnlySpan<byte> bytes)
    {
        stream.Position = at;
        stream.Write(bytes);
        stream.Flush();
    }
}
