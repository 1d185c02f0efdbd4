using NUnit.Framework;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.Power;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Compiler.Adapters;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Compiler.Steps;
using TaalasSim.Compiler.Tokenizer;
using TaalasSim.Runtime.Functional;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Select;
using TaalasSim.Support;

namespace TaalasSim.Runtime.Tests.Functional;

/// <summary>Adapters merged into the masks or kept in SRAM say what llama.cpp says with them.</summary>
[Category("Compiler")]
public class AdapterTests
{
    private const string Prompt = "Once";
    private const int Answer = 48;

    private static string Model => Shared.Path("golden/stories260K/stories260K-f32.gguf");

    // All seven matrices of every layer, F32, rank 4, alpha 8.
    private static readonly Lazy<string> All = new(() =>
        Adapter(
            "all.gguf",
            4,
            8,
            from layer in Enumerable.Range(0, 5)
            from matrix in new[] { "attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down" }
            select $"blk.{layer}.{matrix}.weight",
            1,
            2048,
            "f32"
        )
    );

    // Three matrices of every second layer, F16, rank 8, no alpha.
    private static readonly Lazy<string> Some = new(() =>
        Adapter(
            "some.gguf",
            8,
            0,
            from layer in new[] { 0, 2, 4 }
            from matrix in new[] { "attn_q", "attn_v", "ffn_down" }
            select $"blk.{layer}.{matrix}.weight",
            100,
            1536,
            "f16"
        )
    );

    // What llama-completion (llama.cpp, August 2026, CPU; --temp 0 -fa off -n 48 -p Once, --lora-scaled with the same adapter bytes)
    // answers.
    [TestCase(
        -1.5f,
        0f,
        " upon a time, there was a little girl named Lily. She loved to play with her toys and her mommy. One day, Lily's mommy told "
            + "her that they were going to"
    )]
    [TestCase(
        0f,
        1f,
        " upon a time, there was a little girl named Lily. She loved to play outside in the park. One day, she found a big, red ball "
            + "in the par"
    )]
    [TestCase(
        1f,
        1f,
        " upon a time, there was a little girl named Lily. She loved to play outside in the park. One day, she saw a big, red ball. "
            + "She wanted to s"
    )]
    public void Answers_are_those_of_llama_cpp(float all, float some, string expected)
    {
        AdapterFile[] adapters = [.. new[] { new AdapterFile(All.Value, all), new AdapterFile(Some.Value, some) }.Where(a => a.Scale != 0)];
        Assert.Multiple(() =>
        {
            Assert.That(Greedy(Compile(sram: adapters)), Is.EqualTo(expected), "in SRAM");
            Assert.That(Greedy(Compile(merge: adapters)), Is.EqualTo(expected), "merged");
        });
    }

    // LogitsDigest of the 64 rows that llama.cpp (commit 3f545bec, scalar build, flash attention off, KV cache F16) computes with the same
    // adapter bytes, set by its own interface.
    [TestCase(
        "stories260K/stories260K-f32",
        5,
        4,
        8,
        512,
        "f32",
        1,
        "attn_q attn_k attn_v attn_output ffn_gate ffn_up ffn_down",
        0x1150B8C957E98B63UL
    )]
    [TestCase(
        "kquant/stories260K-r256-q4_k_m",
        5,
        8,
        16,
        1024,
        "f16",
        1,
        "attn_q attn_k attn_v attn_output ffn_gate ffn_up ffn_down",
        0xB41925A456F7702EUL
    )]
    [TestCase(
        "arch/qwen2-q8_0",
        2,
        32,
        16,
        1024,
        "q8_0",
        0.7f,
        "attn_q attn_k attn_v attn_output ffn_gate ffn_up ffn_down",
        0x50D763C12A3C75B3UL
    )]
    [TestCase("arch/phi3-q8_0", 2, 4, 8, 1024, "f32", 1, "attn_qkv attn_output ffn_up ffn_down", 0x0C8388C0B1947F7CUL)]
    public void Kept_adapters_give_every_bit_of_llama_cpp(
        string model,
        int layers,
        int rank,
        float alpha,
        float divisor,
        string type,
        float scale,
        string matrices,
        ulong expected
    )
    {
        var path = Shared.Path($"golden/{model}.gguf");
        var adapter = TemporaryFolder.New() + ".gguf";
        using (var file = GgufFile.Open(path))
            SeededAdapter.Write(
                adapter,
                file,
                rank,
                alpha,
                from layer in Enumerable.Range(0, layers)
                from matrix in matrices.Split(' ')
                select $"blk.{layer}.{matrix}.weight",
                7,
                divisor,
                CodeFormats.Named(type)
            );
        Assert.That(LogitsDigest.Of(Logits(Compile(path, sram: [new(adapter, scale)]))), Is.EqualTo(LogitsDigest.Hex(expected)));
    }

    [Test]
    public void Of_two_adapters_the_second_is_added_first() =>
        Assert.That(
            LogitsDigest.Of(Logits(Compile(sram: [new(All.Value, 1), new(Some.Value, 1)]))),
            Is.EqualTo(LogitsDigest.Hex(0x5736CCC26E4A79B2UL))
        );

    [Test]
    public void Merged_and_kept_adapters_differ_by_rounding_alone()
    {
        AdapterFile[] adapters = [new(All.Value, -1.5f)];
        var plain = Logits(Compile());
        var merged = Logits(Compile(merge: adapters));
        var kept = Logits(Compile(sram: adapters));
        Assert.Multiple(() =>
        {
            // Keys and values are rounded to F16, where a last bit may flip; logits spread over about 7.
            Assert.That(Largest(merged, kept), Is.LessThan(0.02));
            Assert.That(Largest(plain, kept), Is.GreaterThan(0.5));
        });
    }

    [TestCase("stories260K-q8_0", "preserve")]
    [TestCase("stories260K-f32", "rom8")]
    public void Merging_holds_in_quantised_weights_as_well(string model, string weights)
    {
        var path = Shared.Path($"golden/stories260K/{model}.gguf");
        AdapterFile[] adapters = [new(All.Value, -1.5f)];
        var exact = Logits(Compile(merge: adapters));
        Assert.Multiple(() =>
        {
            Assert.That(Deviation(exact, Logits(Compile(path, weights, merge: adapters))), Is.LessThan(0.35));
            Assert.That(Deviation(exact, Logits(Compile(path, weights))), Is.GreaterThan(0.7));
        });
    }

    [Test]
    public void Adapters_in_sram_take_capacity_time_and_energy()
    {
        var plain = ChipDirectory.ReadDescription(Compile());
        var kept = ChipDirectory.ReadDescription(Compile(sram: [new(All.Value, 1)]));
        var (was, now) = (BuildTokenSchedule.From(plain.Plan()), BuildTokenSchedule.From(kept.Plan()));
        // Rank 4 on q {64, 64}, k and v {64, 32}, o {64, 64}, gate and up {64, 172}, down {172, 64} in each of five layers, four bytes a
        // value.
        const long bytes = 4 * 4 * 5 * ((2 * (64 + 64)) + (2 * (64 + 32)) + (2 * (64 + 172)) + (172 + 64));
        Assert.Multiple(() =>
        {
            Assert.That(kept.Plan().AdapterBytes, Is.EqualTo(bytes));
            Assert.That(
                plain.Resources.KvCapacityTokens - kept.Resources.KvCapacityTokens,
                Is.EqualTo((int)Math.Ceiling((double)bytes / plain.Resources.KvBytesPerToken)).Within(1)
            );
            Assert.That(
                now.Stages.Sum(s => s.Phases.Sum(p => p.Cycles(1))),
                Is.GreaterThan(was.Stages.Sum(s => s.Phases.Sum(p => p.Cycles(1))))
            );
            Assert.That(
                TokenActivity.AtContext(now, 1).KvBits - TokenActivity.AtContext(was, 1).KvBits,
                Is.EqualTo(8.0 * bytes).Within(1e-6)
            );
            Assert.That(TokenActivity.Of(kept.Plan(), now).AdapterMultiplications, Is.EqualTo(bytes / 4.0));
            Assert.That(
                kept.Source.Adapters.Single(),
                Is.EqualTo(
                    new AdapterSource
                    {
                        File = "all.gguf",
                        Sha256 = ChipDirectory.Digest(All.Value),
                        Scale = 1,
                        Placement = "sram",
                    }
                )
            );
        });
    }

    [Test]
    public void An_adapter_that_the_sram_cannot_hold_does_not_fit()
    {
        var small = GoldenModels.Fabric with { Dies = 1, KvSram = GoldenModels.Fabric.KvSram with { CapacityMb = 0.08 } };
        var fit = CompileModel.ToImage(Model, TemporaryFolder.New(), Options("preserve", small) with { Sram = [new(All.Value, 1)] });
        Assert.Multiple(() =>
        {
            Assert.That(fit.Fits, Is.False);
            Assert.That(fit.Resources.Single(r => r.Name == "adapter SRAM").Share, Is.EqualTo(92480 / 80e3).Within(1e-9));
            Assert.That(fit.Changes, Has.Some.Contains("--lora instead of --lora-sram"));
        });
    }

    [Test]
    public void An_altered_or_absent_adapter_file_is_refused()
    {
        var folder = Compile(sram: [new(Some.Value, 1)]);
        var file = Path.Combine(folder, ChipDirectory.AdaptersName);
        var bytes = File.ReadAllBytes(file);
        bytes[100] ^= 1;
        File.WriteAllBytes(file, bytes);
        Assert.That(() => WiredChip.Open(folder).Dispose(), Throws.TypeOf<InputException>().With.Message.Contain("digest"));
        File.Delete(file);
        Assert.That(() => WiredChip.Open(folder).Dispose(), Throws.TypeOf<InputException>().With.Message.Contain("missing"));
    }

    [Test]
    public void What_has_no_sram_port_must_be_merged()
    {
        var path = Adapter("embedding.gguf", 2, 0, [], 0, 1, "f32", writer =>
        {
            // The embedding's pair is stored the other way round: {rank, tokens} and {rank, width}.
            writer.AddTensor("token_embd.weight.lora_a", CodeFormats.Named("f32"), [2, 512], new byte[4 * 2 * 512]);
            writer.AddTensor("token_embd.weight.lora_b", CodeFormats.Named("f32"), [2, 64], new byte[4 * 2 * 64]);
        });
        Assert.Multiple(() =>
        {
            Assert.That(
                () => Compile(sram: [new(path, 1)]),
                Throws.TypeOf<InputException>().With.Message.Contain("token embedding").And.Message.Contain("--lora")
            );
            Assert.That(Logits(Compile(merge: [new(path, 1)])), Is.EqualTo(Logits(Compile())));
        });
    }

    [Test]
    public void What_has_a_factor_of_its_own_takes_no_merged_adapter()
    {
        var model = TemporaryFolder.New() + ".gguf";
        var adapter = TemporaryFolder.New() + ".gguf";
        SeededModels.All["llama-nvfp4"].Write(model);
        using (var file = GgufFile.Open(model))
            SeededAdapter.Write(adapter, file, 4, 8, ["blk.1.ffn_up.weight"], 7, 1024, CodeFormats.Named("f32"));
        Assert.Multiple(() =>
        {
            Assert.That(
                () => Compile(model, merge: [new(adapter, 1)]),
                Throws.TypeOf<InputException>().With.Message.Contain("blk.1.ffn_up.scale").And.Message.Contain("--lora-sram")
            );
            Assert.That(() => Compile(model, sram: [new(adapter, 1)]), Throws.Nothing);
        });
    }

    private static string Adapter(
        string name,
        int rank,
        float alpha,
        IEnumerable<string> tensors,
        int seed,
        float divisor,
        string type,
        Action<GgufWriter>? more = null
    )
    {
        var path = Path.Combine(TemporaryFolder.OfProcess, name);
        using var model = GgufFile.Open(Model);
        SeededAdapter.Write(path, model, rank, alpha, tensors, seed, divisor, CodeFormats.Named(type), more);
        return path;
    }

    private static CompileOptions Options(string weights, FabricSpec fabric) =>
        new()
        {
            Fabric = fabric,
            Weights = weights,
            Compiler = "test",
        };

    private static string Compile(
        string? model = null,
        string weights = "preserve",
        AdapterFile[]? merge = null,
        AdapterFile[]? sram = null
    )
    {
        var folder = TemporaryFolder.New();
        var fit = CompileModel.ToImage(
            model ?? Model,
            folder,
            Options(weights, GoldenModels.Fabric) with
            {
                Merge = merge ?? [],
                Sram = sram ?? [],
            }
        );
        Assert.That(fit.Fits, Is.True);
        return folder;
    }

    private static float[] Logits(string folder)
    {
        using var kernels = new SimdKernels(Numerics.Reference, null, 2);
        return GoldenModels.Evaluate(folder, kernels, GoldenModels.Tokens, 16);
    }

    private static string Greedy(string folder)
    {
        using var kernels = new SimdKernels(Numerics.Reference, null, 2);
        using var chip = WiredChip.Open(folder);
        var tokenizer = TextTokenizer.Create(TokenizerDataFile.Read(File.ReadAllBytes(Path.Combine(folder, ChipDirectory.TokenizerName))));
        using var pass = new ForwardPass(chip, kernels, 16, GoldenModels.Context);
        using var sequence = pass.NewSequence(GoldenModels.Context);
        var logits = new float[pass.VocabularySize];
        var prompt = tokenizer.Encode(Prompt, addSpecial: true, parseSpecial: false);
        var answer = new List<int>();
        pass.Evaluate(sequence, prompt, logits);
        for (var i = 0; i < Answer; i++)
        {
            answer.Add(Array.IndexOf(logits, logits.Max()));
            pass.Evaluate(sequence, [answer[^1]], logits);
        }

        return tokenizer.Decode([.. prompt, .. answer])[Prompt.Length..];
    }

    private static float Largest(float[] a, float[] b) => a.Zip(b, (x, y) => MathF.Abs(x - y)).Max();

    private static double Deviation(float[] a, float[] b) => Math.Sqrt(a.Zip(b, (x, y) => Math.Pow((double)x - y, 2)).Average());
}
