using System.Buffers.Binary;
using NUnit.Framework;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.Compiler.Steps;
using TaalasSim.Runtime.Functional;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Select;
using TaalasSim.Support;

namespace TaalasSim.Runtime.Tests.Functional;

/// <summary>The tokens come from the two mask layers and from nothing else; what is damaged is refused.</summary>
[Category("Compiler")]
public class AlteredImageTests
{
    private static readonly int[] Tokens = [766, 79, 302, 264, 300];

    // Banks of 128 rows, so that the feed-forward layer's 384 inputs are three full segments.
    private static readonly FabricSpec Fabric = Halved(YamlReader.Read<FabricSpec>(Shared.InRepo("chips/fabrics/demo.yaml")));

    private static readonly Lazy<string> Original = new(() =>
    {
        var folder = Path.Combine(TemporaryFolder.OfProcess, "stories.chip");
        CompileModel.ToImage(
            Shared.InRepo("chips/demo/stories.gguf"),
            folder,
            new CompileOptions
            {
                Fabric = Fabric,
                Weights = "rom4",
                Compiler = "test",
            }
        );
        return folder;
    });

    [Test]
    public void One_flipped_weight_bit_changes_the_logits()
    {
        var expected = Logits(Original.Value);
        var copy = Copy();
        var d = ChipDirectory.ReadDescription(copy);
        var straps = DataflowLayer.Decode(File.ReadAllBytes(Path.Combine(copy, ChipDirectory.DataflowName)), "dataflow");
        var site = Array.FindIndex(straps, s => s.Matrix >= 0 && d.Matrices[s.Matrix].Role == MatrixRole.Query);
        var layout = WeightsLayer.For(d.Matrices, straps, d.Vectors.Sum(v => (long)v.Count));
        // A panel starts with its sixteen scale bytes; behind them lie codes.
        Flip(Path.Combine(copy, ChipDirectory.WeightsName), layout.SiteOffsets[site] + 16 + 5, 0x04);
        Reseal(copy);
        Assert.That(Logits(copy), Is.Not.EqualTo(expected));
    }

    [Test]
    public void One_flipped_strap_changes_the_logits()
    {
        var expected = Logits(Original.Value);
        var copy = Copy();
        var path = Path.Combine(copy, ChipDirectory.DataflowName);
        var ports = ChipDirectory.ReadDescription(copy).Matrices;
        var straps = DataflowLayer.Decode(File.ReadAllBytes(path), path);
        // The first bank of a port with three full input segments reads the second segment instead of the first.
        var site = Array.FindIndex(straps, s => s.Matrix >= 0 && s.InputSegment == 0 && ports[s.Matrix].Role == MatrixRole.Down);
        Assert.That(ports[straps[site].Matrix].InputSegments, Is.EqualTo(3));
        Flip(path, DataflowLayer.HeaderBytes + (site * DataflowLayer.SiteBytes) + 4, 0x01);
        Reseal(copy);
        try
        {
            Assert.That(Logits(copy), Is.Not.EqualTo(expected));
        }
        catch (InputException e)
        {
            Assert.Fail($"the strap should lead elsewhere, not be refused: {e.Message}");
        }
    }

    [Test]
    public void A_partner_strap_that_shorts_two_trees_is_refused()
    {
        var copy = Copy();
        var path = Path.Combine(copy, ChipDirectory.DataflowName);
        var straps = DataflowLayer.Decode(File.ReadAllBytes(path), path);
        var site = Array.FindIndex(straps, s => s.Matrix >= 0 && s.Partner < 0);
        var bytes = File.ReadAllBytes(path);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(DataflowLayer.HeaderBytes + (site * DataflowLayer.SiteBytes) + 8), 1);
        File.WriteAllBytes(path, bytes);
        Reseal(copy);
        Assert.That(() => WiredChip.Open(copy).Dispose(), Throws.TypeOf<InputException>().With.Message.Contains("open or shorted"));
    }

    [TestCase(" blk.0.attn_v.weight.column_scales", " blk.0.attn_w.weight.column_scales")]
    [TestCase(" output.weight.column_scales", " output.weight.column_scale")]
    public void A_port_without_its_column_scales_is_refused(string vector, string other)
    {
        var copy = Copy();
        var path = Path.Combine(copy, ChipDirectory.DescriptionName);
        var text = File.ReadAllText(path);
        Assert.That(text, Does.Contain(vector));
        File.WriteAllText(path, text.Replace(vector, other, StringComparison.Ordinal));
        var digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)));
        File.WriteAllText(Path.Combine(copy, ChipDirectory.DigestName), $"{digest}  {ChipDirectory.DescriptionName}\n");
        Assert.That(
            () => ChipDirectory.ReadDescription(copy),
            Throws.TypeOf<InputException>().With.Message.Contains($"has no vector '{vector.Trim()}'")
        );
    }

    [TestCase(ChipDirectory.WeightsName)]
    [TestCase(ChipDirectory.DataflowName)]
    [TestCase(ChipDirectory.TokenizerName)]
    [TestCase(ChipDirectory.DescriptionName)]
    public void A_changed_byte_fails_the_digest(string file)
    {
        var random = new Random(7);
        for (var i = 0; i < 20; i++)
        {
            var copy = Copy();
            var path = Path.Combine(copy, file);
            Flip(path, random.NextInt64(new FileInfo(path).Length), (byte)(1 << random.Next(8)));
            Assert.That(() => WiredChip.Open(copy).Dispose(), Throws.TypeOf<InputException>().With.Message.Contains("digest"));
            Directory.Delete(copy, recursive: true);
        }
    }

    [Test]
    public void A_chip_opened_at_once_runs_but_its_altered_weights_are_found_before_a_result_counts()
    {
        var copy = Copy();
        var path = Path.Combine(copy, ChipDirectory.WeightsName);
        // The last byte: nothing is found before all is read.
        Flip(path, new FileInfo(path).Length - 1, 0x01);
        using var chip = WiredChip.OpenAtOnce(copy);
        using var kernels = new SimdKernels(Numerics.Reference, null, threads: 1);
        using var pass = new ForwardPass(chip, kernels, 16, 256);
        using var sequence = pass.NewSequence(256);
        pass.Evaluate(sequence, Tokens, new float[pass.VocabularySize]);
        for (var i = 0; i < 2; i++)
            Assert.That(() => chip.AwaitCheck(), Throws.TypeOf<InputException>().With.Message.Contains($"{path}: digest"));
    }

    [Test]
    public void A_chip_opened_at_once_passes_its_check_from_several_threads()
    {
        using var chip = WiredChip.OpenAtOnce(Original.Value);
        Assert.That(() => Parallel.For(0, 4, _ => chip.AwaitCheck()), Throws.Nothing);
    }

    [Test]
    public void An_unfinished_check_does_not_hold_up_the_end()
    {
        for (var i = 0; i < 50; i++)
            WiredChip.OpenAtOnce(Original.Value).Dispose();
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        using var chip = WiredChip.OpenAtOnce(Original.Value);
        try
        {
            chip.AwaitCheck(cancelled.Token);
        }
        catch (OperationCanceledException)
        {
            // The check was not over yet; it still comes to its end when asked again.
        }

        Assert.That(() => chip.AwaitCheck(), Throws.Nothing);
    }

    [TestCase(ChipDirectory.DataflowName)]
    [TestCase(ChipDirectory.TokenizerName)]
    [TestCase(ChipDirectory.DescriptionName)]
    public void A_small_altered_file_is_found_before_the_chip_opens(string file)
    {
        var copy = Copy();
        var path = Path.Combine(copy, file);
        Flip(path, new FileInfo(path).Length / 2, 0x01);
        Assert.That(() => WiredChip.OpenAtOnce(copy).Dispose(), Throws.TypeOf<InputException>().With.Message.Contains("digest"));
    }

    [TestCase(ChipDirectory.WeightsName)]
    [TestCase(ChipDirectory.DataflowName)]
    [TestCase(ChipDirectory.TokenizerName)]
    [TestCase(ChipDirectory.DescriptionName)]
    [TestCase(ChipDirectory.DigestName)]
    public void A_cut_or_missing_file_is_refused(string file)
    {
        foreach (var keep in new[] { 0, 1, 40 })
        {
            var copy = Copy();
            using (var stream = new FileStream(Path.Combine(copy, file), FileMode.Open))
                stream.SetLength(keep);
            Assert.That(() => WiredChip.Open(copy).Dispose(), Throws.TypeOf<InputException>());
        }

        var without = Copy();
        File.Delete(Path.Combine(without, file));
        Assert.That(() => WiredChip.Open(without).Dispose(), Throws.TypeOf<InputException>());
    }

    [Test]
    public void Random_damage_with_a_fresh_digest_never_crashes()
    {
        var random = new Random(11);
        var rounds = Shared.All ? 2000 : 60;
        for (var i = 0; i < rounds; i++)
        {
            var copy = Copy();
            var file = i % 2 == 0 ? ChipDirectory.DescriptionName : ChipDirectory.DataflowName;
            var path = Path.Combine(copy, file);
            Flip(path, random.NextInt64(new FileInfo(path).Length), (byte)random.Next(1, 256));
            try
            {
                if (file == ChipDirectory.DescriptionName)
                    File.WriteAllText(Path.Combine(copy, ChipDirectory.DigestName), ChipDirectory.Digest(path) + "\n");
                else
                    Reseal(copy);
                WiredChip.Open(copy).Dispose();
            }
            catch (InputException e)
            {
                Assert.That(e.Message, Does.Not.Contain("\n"));
            }

            Directory.Delete(copy, recursive: true);
        }
    }

    [Test]
    public void A_weight_that_is_not_finite_is_refused_at_compile_time()
    {
        var folder = TemporaryFolder.New();
        var model = Path.Combine(folder, "nan.gguf");
        var bytes = File.ReadAllBytes(Shared.InRepo("chips/demo/stories.gguf"));
        using (var file = Compiler.Gguf.GgufFile.Open(Shared.InRepo("chips/demo/stories.gguf")))
        {
            file.TryGetTensor("blk.1.ffn_up.weight", out var tensor);
            // Weight 3 of row 5 becomes a half-precision NaN.
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan((int)(tensor!.Offset + (5 * tensor.RowBytes) + 6)), 0x7e00);
        }

        File.WriteAllBytes(model, bytes);
        foreach (var weights in new[] { "preserve", "rom4" })
            Assert.That(
                () =>
                    CompileModel.ToImage(
                        model,
                        Path.Combine(folder, "nan.chip"),
                        new CompileOptions
                        {
                            Fabric = Fabric,
                            Weights = weights,
                            Compiler = "test",
                        }
                    ),
                Throws.TypeOf<InputException>().With.Message.Contains("blk.1.ffn_up.weight: row 5")
            );
    }

    [Test]
    public void Compiling_twice_gives_the_same_bytes()
    {
        var second = Path.Combine(TemporaryFolder.New(), "again.chip");
        CompileModel.ToImage(
            Shared.InRepo("chips/demo/stories.gguf"),
            second,
            new CompileOptions
            {
                Fabric = Fabric,
                Weights = "rom4",
                Compiler = "test",
            }
        );
        foreach (var file in Directory.GetFiles(Original.Value))
            Assert.That(
                File.ReadAllBytes(Path.Combine(second, Path.GetFileName(file))),
                Is.EqualTo(File.ReadAllBytes(file)),
                Path.GetFileName(file)
            );
    }

    /// <summary>Makes the digests match again, as someone would who alters an image on purpose.</summary>
    private static void Reseal(string folder)
    {
        var d = ChipDirectory.ReadDescription(folder);
        ChipDirectory.WriteDescription(
            folder,
            d with
            {
                Files = new ImageFiles
                {
                    Weights = ChipDirectory.Describe(folder, ChipDirectory.WeightsName),
                    Dataflow = ChipDirectory.Describe(folder, ChipDirectory.DataflowName),
                    Tokenizer = ChipDirectory.Describe(folder, ChipDirectory.TokenizerName),
                },
            }
        );
    }

    private static float[] Logits(string folder)
    {
        using var chip = WiredChip.Open(folder);
        using var kernels = new SimdKernels(Numerics.Reference, null, threads: 1);
        using var pass = new ForwardPass(chip, kernels, 16, 256);
        using var sequence = pass.NewSequence(256);
        var logits = new float[Tokens.Length * pass.VocabularySize];
        pass.Evaluate(sequence, Tokens, logits);
        return logits;
    }

    private static string Copy()
    {
        var copy = Path.Combine(TemporaryFolder.New(), "copy.chip");
        Directory.CreateDirectory(copy);
        foreach (var file in Directory.GetFiles(Original.Value))
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        return copy;
    }

    private static void Flip(string path, long at, byte mask)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[at] ^= mask;
        File.WriteAllBytes(path, bytes);
    }

    private static FabricSpec Halved(FabricSpec fabric) => fabric with { Bank = fabric.Bank with { Rows = 128 } };
}
