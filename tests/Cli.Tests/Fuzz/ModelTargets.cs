using System.Text;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Cli.Tests.Commands;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Fuzz;

/// <summary>Models and what belongs to them: GGUF, safetensors folders, adapters, importance matrices.</summary>
internal static class ModelTargets
{
    private const string PeftLayer = "base_model.model.model.layers.0.";

    public static FuzzTarget Gguf(TemporaryFolder folder)
    {
        var tiny = Tiny(folder);
        return new FuzzTarget(
            [File.ReadAllBytes(tiny), File.ReadAllBytes(Shared.InRepo("tests/golden/stories260K/stories260K-q8_0.gguf"))],
            input =>
            {
                var file = folder.File("x.gguf", input);
                return FuzzAnswer.Of(
                    FuzzTarget.Choose(
                        input,
                        ["fit", file],
                        ["inspect", file],
                        ["compile", file, "-o", folder.File("x.chip")],
                        ["quantize", file, folder.File("y.gguf"), "q4_0", "--allow-requantize"]
                    )
                );
            },
            IsText: false,
            Head: 6000
        )
        {
            Words = ["general.architecture", "llama", "tokenizer.ggml.tokens", "blk.0.attn_q.weight", "general.alignment", "GGUF"],
        };
    }

    public static FuzzTarget Safetensors(TemporaryFolder folder)
    {
        using var made = new TinyFolder();
        var source = made.Written();
        // In two files with an index, as large models are.
        File.Move(Path.Combine(source, "model.safetensors"), Path.Combine(source, "model-00001-of-00002.safetensors"));
        var names = string.Join(
            ",",
            TinyFolder.LlamaTensors.Select(t =>
                $"\"{t.Name}\":\"model-0000{(t.Name.Contains("mlp", StringComparison.Ordinal) ? 2 : 1)}-of-00002.safetensors\""
            )
        );
        bool IsSecond((string Name, long[]) t) => t.Name.Contains("mlp", StringComparison.Ordinal);
        made.Write("model-00001-of-00002.safetensors", SafetensorsBytes.Of([.. TinyFolder.LlamaTensors.Where(t => !IsSecond(t))]));
        made.Write("model-00002-of-00002.safetensors", SafetensorsBytes.Of([.. TinyFolder.LlamaTensors.Where(IsSecond)]));
        made.Write("model.safetensors.index.json", $"{{\"metadata\":{{\"total_size\":1}},\"weight_map\":{{{names}}}}}");
        return Folder(
            folder,
            new FuzzParts(source),
            ["model_type", "architectures", "weight_map", "F32", "BF16", "data_offsets", "merges", "NaN"]
        );
    }

    public static FuzzTarget SentencePiece(TemporaryFolder folder)
    {
        using var made = new TinyFolder();
        var source = made.Written();
        File.Delete(Path.Combine(source, "tokenizer.json"));
        made.Write(
            "tokenizer.model",
            TinyFolder.SentencePieces([
                ("<unk>", 0, 2),
                ("<s>", 0, 3),
                .. Enumerable.Range(0, 256).Select(i => ($"<0x{i:X2}>", 0f, 6)),
                ("a", -1, 1),
                ("\u2581the", -2, 1),
            ])
        );
        return Folder(folder, new FuzzParts(source), ["\n\u0005", "\u0015", "<unk>"]);
    }

    public static FuzzTarget TimesFm(TemporaryFolder folder)
    {
        var (parts, place) = (new FuzzParts(TinyTimesFm.Folder), folder.File("tiny"));
        var csv = Path.Combine(TinyTimesFm.Folder, "series.csv");
        return new FuzzTarget(
            parts.Seeds,
            input =>
            {
                parts.Write(place, input);
                return FuzzAnswer.Of("forecast", place, "--csv", csv, "--horizon", "4", "-t", "1");
            },
            IsText: false,
            Head: 4000
        );
    }

    public static FuzzTarget Lora(TemporaryFolder folder)
    {
        var adapter = AdapterCommandTests.AdapterFile;
        return new FuzzTarget(
            [File.ReadAllBytes(adapter)],
            input => FuzzAnswer.Of("fit", Taalas.StoriesModel, "--lora-sram", folder.File("x.gguf", input)),
            IsText: false,
            Head: 1000
        )
        {
            Words = [".lora_a", ".lora_b", "adapter.lora.alpha"],
        };
    }

    public static FuzzTarget Peft(TemporaryFolder folder)
    {
        var (model, source, place) = (Tiny(folder), Directory.CreateDirectory(folder.File("peft")).FullName, folder.File("x"));
        File.WriteAllText(
            Path.Combine(source, "adapter_config.json"),
            """{"peft_type":"LORA","lora_alpha":4,"r":2,"bias":"none","target_modules":["q_proj","down_proj"]}"""
        );
        File.WriteAllBytes(
            Path.Combine(source, "adapter_model.safetensors"),
            SafetensorsBytes.Of(
                (PeftLayer + "self_attn.q_proj.lora_A.weight", [2, 32]),
                (PeftLayer + "self_attn.q_proj.lora_B.weight", [32, 2]),
                (PeftLayer + "mlp.down_proj.lora_A.weight", [2, 32]),
                (PeftLayer + "mlp.down_proj.lora_B.weight", [32, 2])
            )
        );
        var parts = new FuzzParts(source);
        return new FuzzTarget(
            parts.Seeds,
            input =>
            {
                parts.Write(place, input);
                return FuzzAnswer.Of("compile", model, "-o", folder.File("x.chip"), "--lora", place);
            },
            IsText: true
        )
        {
            Words = ["lora_alpha", "use_rslora", "rank_pattern", "alpha_pattern", "data_offsets", "F32", "BF16", ".lora_A.weight", "1e999"],
        };
    }

    public static FuzzTarget ImportanceMatrix(TemporaryFolder folder)
    {
        var model = Tiny(folder);
        var writer = new GgufWriter();
        writer.Add("general.type", "imatrix");
        writer.Add("imatrix.chunk_count", 3u);
        writer.Add("imatrix.chunk_size", 512u);
        writer.AddArray("imatrix.datasets", ["a.txt"]);
        foreach (var name in (string[])["blk.0.attn_q.weight", "blk.0.ffn_up.weight"])
        {
            writer.AddTensor(name + ".in_sum2", CodeFormats.Named("f32"), [32, 1], new byte[128]);
            writer.AddTensor(name + ".counts", CodeFormats.Named("f32"), [1, 1], BitConverter.GetBytes(3f));
        }

        writer.Save(folder.File("seed.gguf"));
        return new FuzzTarget(
            [File.ReadAllBytes(folder.File("seed.gguf")), Legacy("blk.0.attn_q.weight", 32)],
            input => FuzzAnswer.Of("quantize", model, folder.File("y.gguf"), "q4_0", "--imatrix", folder.File("x.imatrix", input)),
            IsText: false,
            Head: 600
        )
        {
            Words = ["imatrix.chunk_count", ".in_sum2", ".counts"],
        };
    }

    /// <summary>The tiny model as a file of this folder.</summary>
    public static string Tiny(TemporaryFolder folder)
    {
        var path = folder.File("tiny.gguf");
        TinyModel.Write(path, addMetadata: null);
        return path;
    }

    // llama-imatrix's older form: entries of name, calls, values; then calls of the last and the file's name.
    private static byte[] Legacy(string name, int width) =>
        [
            .. BitConverter.GetBytes(1),
            .. BitConverter.GetBytes(name.Length),
            .. Encoding.ASCII.GetBytes(name),
            .. BitConverter.GetBytes(3),
            .. BitConverter.GetBytes(width),
            .. Enumerable.Range(1, width).SelectMany(i => BitConverter.GetBytes((float)i)),
            .. BitConverter.GetBytes(3),
            .. BitConverter.GetBytes(5),
            .. "a.txt"u8,
        ];

    private static FuzzTarget Folder(TemporaryFolder folder, FuzzParts parts, string[] words)
    {
        var place = folder.File("x");
        return new FuzzTarget(
            parts.Seeds,
            input =>
            {
                parts.Write(place, input);
                return FuzzAnswer.Of(
                    FuzzTarget.Choose(
                        input,
                        ["convert", place, "-o", folder.File("y.gguf")],
                        ["convert", place, "-o", folder.File("z.gguf"), "--type", "q8_0"]
                    )
                );
            },
            IsText: true
        )
        {
            Words = words,
        };
    }
}
