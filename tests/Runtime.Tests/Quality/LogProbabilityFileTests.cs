using System.Buffers.Binary;
using CsCheck;
using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Runtime.Quality;
using TaalasSim.Support;

namespace TaalasSim.Runtime.Tests.Quality;

/// <summary>llama.cpp's base file: layout, precision and how damaged files are refused.</summary>
[Category("Kernels")]
public class LogProbabilityFileTests
{
    [Test]
    public void Packed_log_probabilities_are_within_half_a_step()
    {
        Gen.Select(Gen.Float[-12, 12].Array[3, 70], Gen.Int[0, 1000])
            .Sample(
                (logits, pick) =>
                {
                    var next = pick % logits.Length;
                    var row = new ushort[PackedLogProbabilities.Words(logits.Length)];
                    var nll = PackedLogProbabilities.Pack(logits, next, row);
                    var total = logits.Sum(l => Math.Exp(l));
                    var (scale, least) = PackedLogProbabilities.Range(row);
                    for (var i = 0; i < logits.Length; i++)
                    {
                        var exact = logits[i] - Math.Log(total);
                        var cut = Math.Max(exact, logits.Max() - PackedLogProbabilities.Depth - Math.Log(total));
                        Assert.That((scale * row[4 + i]) + least, Is.EqualTo(cut).Within((0.5 * scale) + 1e-5));
                    }

                    Assert.That(nll, Is.EqualTo(Math.Log(total) - logits[next]).Within(1e-5));
                }
            );
    }

    [Test]
    public void A_model_has_no_divergence_from_itself_and_equal_rows_have_the_same_top()
    {
        Gen.Float[-9, 9]
            .Array[2, 40]
            .Sample(logits =>
            {
                var divergence = new RunningDivergence();
                var row = new ushort[PackedLogProbabilities.Words(logits.Length)];
                PackedLogProbabilities.Pack(logits, 0, row);
                divergence.Add(logits, row, 0);
                Assert.That(divergence.Row.Divergence.Value, Is.EqualTo(0).Within(2e-3));
            });
    }

    [Test]
    public void Divergence_of_two_tokens_is_the_formula()
    {
        // p = (3/4, 1/4) and q = (1/2, 1/2): D = 3/4 ln(3/2) + 1/4 ln(1/2).
        var row = new ushort[PackedLogProbabilities.Words(2)];
        PackedLogProbabilities.Pack([MathF.Log(3), 0], 0, row);
        var divergence = new RunningDivergence();
        divergence.Add([0, 0], row, 0);
        Assert.Multiple(() =>
        {
            Assert.That(divergence.Row.Divergence.Value, Is.EqualTo((0.75 * Math.Log(1.5)) + (0.25 * Math.Log(0.5))).Within(1e-5));
            Assert.That(divergence.Row.Perplexity.Value, Is.EqualTo(2).Within(1e-5));
            Assert.That(divergence.Summary().PerplexityBase.Value, Is.EqualTo(4.0 / 3).Within(1e-4));
            Assert.That(divergence.Summary().MeanChange.Value, Is.EqualTo(-0.25).Within(1e-5));
        });
    }

    [Test]
    public void Layout_of_the_file_is_llama_cpps()
    {
        var path = Small();
        var bytes = File.ReadAllBytes(path);
        Assert.Multiple(() =>
        {
            Assert.That(bytes[..8], Is.EqualTo("_logits_"u8.ToArray()));
            Assert.That(Int(bytes, 8), Is.EqualTo(4), "context");
            Assert.That(Int(bytes, 12), Is.EqualTo(3), "vocabulary");
            Assert.That(Int(bytes, 16), Is.EqualTo(2), "chunks");
            Assert.That(Enumerable.Range(0, 8).Select(i => Int(bytes, 20 + (4 * i))), Is.EqualTo([0, 1, 2, 0, 1, 2, 0, 1]));
            // Two chunks, one scored position each (2), 2·⌈3/2⌉ + 4 words.
            Assert.That(bytes, Has.Length.EqualTo(20 + (4 * 8) + (2 * 1 * 8 * 2)));
        });
        using var reader = LogProbabilityReader.Open(path, bos: 1);
        Assert.Multiple(() =>
        {
            Assert.That(reader.Text.Chunk(1), Is.EqualTo([1, 2, 0, 1]));
            Assert.That(reader.Text.Next(1, 0), Is.EqualTo(1));
            Assert.That(reader.Next()[4], Is.EqualTo(0));
        });
    }

    [TestCase(8, 1 << 30)]
    [TestCase(12, -1)]
    [TestCase(12, int.MaxValue)]
    [TestCase(16, int.MaxValue)]
    [TestCase(16, 0)]
    [TestCase(20, 3)]
    [TestCase(20, -1)]
    public void Impossible_headers_are_refused_in_one_line(int offset, int value)
    {
        var path = Small();
        var bytes = File.ReadAllBytes(path);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(offset), value);
        File.WriteAllBytes(path, bytes);
        var fault = Assert.Throws<InputException>(() => LogProbabilityReader.Open(path, -1));
        Assert.That(fault!.Message, Does.StartWith(path).And.Not.Contain("\n"));
    }

    [Test]
    public void Every_cut_file_is_refused()
    {
        var path = Small();
        var bytes = File.ReadAllBytes(path);
        for (var length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(path, bytes[..length]);
            Assert.Throws<InputException>(() => LogProbabilityReader.Open(path, -1));
        }
    }

    private static int Int(byte[] bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));

    private static string Small()
    {
        var path = Path.Combine(TemporaryFolder.New(), "small.kld");
        using var stream = File.Create(path);
        var text = new TextChunks([0, 1, 2, 0, 1, 2, 0, 1, 2], 4, 2, -1);
        var writer = new LogProbabilityWriter(stream, text, 3);
        writer.Write([-1, 0, 1], text.Next(0, 0));
        writer.Write([2, 0, 1], text.Next(1, 0));
        return path;
    }
}
