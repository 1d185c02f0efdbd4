using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using NUnit.Framework;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests;

/// <summary>Inputs on which a command works for longer than a signal takes to come.</summary>
internal static class SignalInputs
{
    /// <summary>Fills in what stands for a file in an argument.</summary>
    /// <param name="argument">Argument; a name in braces stands for an input.</param>
    /// <param name="folder">Folder of the test.</param>
    public static string Placed(string argument, string folder) =>
        argument switch
        {
            "{chip}" => Taalas.StoriesChip,
            "{big}" => BigModel(Path.Combine(folder, "big.gguf")),
            "{folder}" => BigFolder(Path.Combine(folder, "hf")),
            "{series}" => ManySeries(Path.Combine(folder, "series.json")),
            "{timesfm}" => TinyTimesFm.Folder,
            "{masks}" => Masks(Path.Combine(folder, "masks.gds")),
            "{table}" => SweepTable(Path.Combine(folder, "table")),
            _ => argument.Replace("{out}", folder),
        };

    // The embedded model is quantised before a signal comes; this one has 16 million weights.
    private static string BigModel(string path)
    {
        const int width = 4096;
        var values = new float[width * width];
        for (var i = 0; i < values.Length; i++)
            values[i] = (i % 251) - 125;
        var writer = new GgufWriter();
        writer.Add("general.architecture", "llama");
        writer.AddTensor("blk.0.ffn_up.weight", CodeFormats.Named("f32"), [width, width], MemoryMarshal.AsBytes<float>(values).ToArray());
        writer.Save(path);
        return path;
    }

    private const int Width = 4096,
        FeedForward = 16384,
        Vocabulary = 258,
        Layers = 2;

    // The folder of a Llama of 540 million weights.
    private static string BigFolder(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(
            Path.Combine(folder, "config.json"),
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""
                {"architectures":["LlamaForCausalLM"],"hidden_size":{{Width}},"intermediate_size":{{FeedForward}},
                 "num_hidden_layers":{{Layers}},"num_attention_heads":32,"num_key_value_heads":32,"vocab_size":{{Vocabulary}},
                 "max_position_embeddings":64,"rms_norm_eps":1e-5,"rope_theta":10000.0,"eos_token_id":257}
                """
            )
        );
        var letters = Enumerable.Range(0, 256).ToDictionary(Letter, value => value);
        letters["th"] = 256;
        File.WriteAllText(
            Path.Combine(folder, "tokenizer.json"),
            $$$"""
            {"added_tokens":[{"id":257,"content":"<|end|>","special":true,"normalized":false}],
             "pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"use_regex":true},
             "model":{"type":"BPE","vocab":{{{JsonSerializer.Serialize(letters)}}},"merges":["t h"]}}
            """
        );
        ZeroWeights(Path.Combine(folder, "model.safetensors"));
        return folder;
    }

    // A sparse file takes no disk.
    private static void ZeroWeights(string path)
    {
        var header = new StringBuilder("{");
        long at = 0;
        void Add(string name, params int[] shape)
        {
            var bytes = 4 * shape.Aggregate(1L, (a, b) => a * b);
            header.Append(
                CultureInfo.InvariantCulture,
                $"{(at == 0 ? "" : ",")}\"{name}\":{{\"dtype\":\"F32\",\"shape\":[{string.Join(',', shape)}],"
            );
            header.Append(CultureInfo.InvariantCulture, $"\"data_offsets\":[{at},{at + bytes}]}}");
            at += bytes;
        }

        Add("model.embed_tokens.weight", Vocabulary, Width);
        Add("model.norm.weight", Width);
        for (var n = 0; n < Layers; n++)
        {
            var layer = string.Create(CultureInfo.InvariantCulture, $"model.layers.{n}.");
            Add(layer + "input_layernorm.weight", Width);
            Add(layer + "post_attention_layernorm.weight", Width);
            foreach (var matrix in "qkvo")
                Add($"{layer}self_attn.{matrix}_proj.weight", Width, Width);
            Add(layer + "mlp.gate_proj.weight", FeedForward, Width);
            Add(layer + "mlp.up_proj.weight", FeedForward, Width);
            Add(layer + "mlp.down_proj.weight", Width, FeedForward);
        }

        var json = Encoding.UTF8.GetBytes(header.Append('}').ToString());
        using var file = File.Create(path);
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)json.Length);
        file.Write(length);
        file.Write(json);
        file.SetLength(sizeof(ulong) + json.Length + at);
    }

    // The printable character of a byte (GPT-2's alphabet).
    private static string Letter(int value)
    {
        static bool IsItself(int b) => b is (>= 0x21 and <= 0x7E) or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
        return ((char)(IsItself(value) ? value : 0x100 + Enumerable.Range(0, value).Count(b => !IsItself(b)))).ToString();
    }

    private static string ManySeries(string path)
    {
        var series = "[" + string.Join(',', Enumerable.Range(0, 200).Select(i => i % 7)) + "]";
        var all = string.Join(',', Enumerable.Repeat(series, 4000));
        File.WriteAllText(path, $"{{\"horizon\":64,\"config\":{{\"max_context\":200,\"max_horizon\":64}},\"series\":[{all}]}}");
        return path;
    }

    private static string Masks(string path)
    {
        Done(Taalas.Run("export", Taalas.StoriesChip, "--gds", path));
        return path;
    }

    private static string SweepTable(string folder)
    {
        var spec = Path.Combine(Path.GetDirectoryName(folder)!, "points.yaml");
        File.WriteAllText(
            spec,
            """
            name: points
            description: "points for a long query"
            model: llama-3.1-8b
            fabric: hc1
            service: { input_tokens: 1000, output_tokens: 500, users: 1 }
            vary:
              - { field: fabric.vector.lanes, range: { from: 8000, to: 8079, steps: 80 } }
            mode: grid
            seed: 1
            """
        );
        Done(Taalas.Run("sweep", spec, "-o", folder, "--draws", "0"));
        return folder;
    }

    private static void Done(Taalas.Result result) => Assert.That(result.ExitCode, Is.Zero, result.Error);
}
