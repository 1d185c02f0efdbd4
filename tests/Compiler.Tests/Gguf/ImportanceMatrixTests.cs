using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Compiler.Gguf.Rewrite;
using TaalasSim.Compiler.Import;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.Gguf;

/// <summary>Importance matrices in both forms, what they do to codes, and what is refused.</summary>
[TestFixture, Category("Compiler")]
public sealed class ImportanceMatrixTests
{
    private const string Name = "blk.0.ffn_up.weight";
    private const int Width = 256;

    private readonly TemporaryFolder _folder = new();

    private static float[] Power => [.. Enumerable.Range(0, Width).Select(i => i % 16 == 3 ? 40f : 0.25f)];

    [OneTimeTearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Both_forms_say_the_same()
    {
        var (gguf, legacy) = (ImportanceMatrix.Load(WriteGguf("a.gguf")), ImportanceMatrix.Load(WriteLegacy("a.dat")));
        Assert.Multiple(() =>
        {
            Assert.That(gguf.Of(Name, Width).ToArray(), Is.EqualTo(Power));
            Assert.That(legacy.Of(Name, Width).ToArray(), Is.EqualTo(Power));
            Assert.That(gguf.Chunks, Is.EqualTo(3));
            Assert.That(legacy.Chunks, Is.EqualTo(3));
            Assert.That(gguf.Datasets, Is.EqualTo((string[])["a.txt"]));
            Assert.That(legacy.Datasets, Is.EqualTo((string[])["a.txt"]));
            Assert.That(gguf.Of("other.weight", Width).IsEmpty, Is.True);
            Assert.That(() => gguf.Of(Name, 128).ToArray(), Throws.TypeOf<InputException>().With.Message.Contains("another model"));
        });
    }

    [Test]
    public void Experts_have_parts_and_those_that_no_token_chose_count_inputs_alike()
    {
        var writer = new GgufWriter();
        writer.Add("general.type", "imatrix");
        writer.Add("imatrix.chunk_count", 1u);
        Add(writer, "e.weight.in_sum2", [4, 2], [2, 4, 6, 8, 9, 9, 9, 9]);
        Add(writer, "e.weight.counts", [1, 2], [2, 0]);
        writer.Save(_folder.File("experts.gguf"));
        var matrix = ImportanceMatrix.Load(_folder.File("experts.gguf"));
        Assert.Multiple(() =>
        {
            Assert.That(matrix.Of("e.weight", 4, 0, 2).ToArray(), Is.EqualTo((float[])[1, 2, 3, 4]));
            Assert.That(matrix.Of("e.weight", 4, 1, 2).ToArray(), Is.EqualTo((float[])[1, 1, 1, 1]));
        });
    }

    [TestCase("q2_k")]
    [TestCase("q3_k")]
    [TestCase("q4_k")]
    [TestCase("q5_k")]
    [TestCase("q6_k")]
    [TestCase("iq4_nl")]
    [TestCase("iq4_xs")]
    public void Weighted_errors_fall(string type)
    {
        var format = CodeFormats.Named(type);
        var random = new Random(5);
        double plain = 0,
            fitted = 0;
        for (var row = 0; row < 20; row++)
        {
            float[] values = [.. Enumerable.Range(0, Width).Select(_ => (float)((random.NextDouble() * 2) - 1))];
            plain += Error([]);
            fitted += Error(Power);

            // Σ p (w − ŵ)²
            double Error(ReadOnlySpan<float> importance)
            {
                var (blocks, decoded) = (new byte[format.BytesOf(Width)], new float[Width]);
                format.Encode(values, importance, blocks);
                format.Decode(blocks, decoded);
                return values.Select((w, i) => (double)Power[i] * (w - decoded[i]) * (w - decoded[i])).Sum();
            }
        }

        Assert.That(fitted, Is.LessThan(0.97 * plain));
    }

    [Test]
    public void A_file_quantised_with_one_says_so_and_has_other_codes()
    {
        var source = Model();
        var (with, without) = (Write("with.gguf", ImportanceMatrix.Load(WriteGguf("b.gguf"))), Write("without.gguf", null));
        using var file = GgufFile.Open(with);
        using var other = GgufFile.Open(without);
        Assert.Multiple(() =>
        {
            Assert.That(file.Metadata.GetString("quantize.imatrix.file"), Is.EqualTo("b.gguf"));
            Assert.That(file.Metadata.GetString("quantize.imatrix.dataset"), Is.EqualTo("a.txt"));
            Assert.That(file.Metadata.Get<uint>("quantize.imatrix.entries_count"), Is.EqualTo(1));
            Assert.That(file.Metadata.Get<uint>("quantize.imatrix.chunks_count"), Is.EqualTo(3));
            Assert.That(file.Tensor(Name, Width, 2).Row(0).SequenceEqual(other.Tensor(Name, Width, 2).Row(0)), Is.False);
        });

        string Write(string name, ImportanceMatrix? importance)
        {
            using var model = GgufFile.Open(source);
            var options = new RewriteOptions { Type = FileType.Named("q4_k_s"), Importance = importance };
            RewriteGguf.Write(model, _folder.File(name), options);
            return _folder.File(name);
        }
    }

    [Test]
    public void Other_files_are_refused_for_what_they_are()
    {
        File.WriteAllText(_folder.File("page"), "<!doctype html>");
        File.WriteAllBytes(_folder.File("cut"), File.ReadAllBytes(WriteLegacy("c.dat"))[..200]);
        Assert.Multiple(() =>
        {
            Refused("page", "web page");
            Refused("cut", "values is missing");
            Assert.That(
                () => ImportanceMatrix.Load(Model()),
                Throws.TypeOf<InputException>().With.Message.Contains("no importance matrix")
            );
            Assert.That(
                () => ImportanceMatrix.Load(_folder.File("nothing")),
                Throws.TypeOf<InputException>().With.Message.Contains("no such file")
            );
            Assert.That(
                () => ImportedModel.Open(WriteGguf("d.gguf")),
                Throws.TypeOf<InputException>().With.Message.Contains("is an importance matrix, not a model")
            );
            Assert.That(
                () => GgufFile.Open(WriteLegacy("d.dat")),
                Throws.TypeOf<InputException>().With.Message.Contains("is an importance matrix")
            );
        });

        void Refused(string name, string words) =>
            Assert.That(() => ImportanceMatrix.Load(_folder.File(name)), Throws.TypeOf<InputException>().With.Message.Contains(words));
    }

    private string Model()
    {
        var writer = new GgufWriter();
        writer.Add("general.architecture", "llama");
        var random = new Random(3);
        Add(writer, Name, [Width, 2], [.. Enumerable.Range(0, 2 * Width).Select(_ => (float)random.NextDouble() - 0.5f)]);
        writer.Save(_folder.File("model.gguf"));
        return _folder.File("model.gguf");
    }

    private string WriteGguf(string name)
    {
        var writer = new GgufWriter();
        writer.Add("general.type", "imatrix");
        writer.AddArray("imatrix.datasets", ["a.txt"]);
        writer.Add("imatrix.chunk_count", 3u);
        writer.Add("imatrix.chunk_size", 512u);
        Add(writer, Name + ".in_sum2", [Width, 1], [.. Power.Select(p => 8 * p)]);
        Add(writer, Name + ".counts", [1, 1], [8]);
        writer.Save(_folder.File(name));
        return _folder.File(name);
    }

    private string WriteLegacy(string name)
    {
        var bytes = new List<byte>();
        void Number(int value)
        {
            var four = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(four, value);
            bytes.AddRange(four);
        }

        Number(1);
        Number(Name.Length);
        bytes.AddRange(Encoding.ASCII.GetBytes(Name));
        Number(4);
        Number(Width);
        bytes.AddRange(MemoryMarshal.AsBytes<float>(Power.Select(p => 4 * p).ToArray()).ToArray());
        Number(3);
        Number(5);
        bytes.AddRange("a.txt"u8.ToArray());
        File.WriteAllBytes(_folder.File(name), [.. bytes]);
        return _folder.File(name);
    }

    private static void Add(GgufWriter writer, string name, long[] sizes, float[] values) =>
        writer.AddTensor(name, CodeFormats.Named("f32"), sizes, MemoryMarshal.AsBytes<float>(values).ToArray());
}
