using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Conversion;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.Conversion;

/// <summary>Every class of malformed config, tokenizer and tensor list gets one line, and leaves no file.</summary>
[TestFixture, Category("Compiler")]
public sealed class ConvertBadInputTests
{
    [TestCaseSource(nameof(Configs))]
    public void Malformed_config_is_refused_in_one_line(string modelClass, string key, string? value, string what)
    {
        using var folder = new TinyFolder(modelClass);
        if (value is null)
            folder.Config.Remove(key);
        else
            folder.Config[key] = JsonNode.Parse(value);
        Refuses(folder, what);
    }

    [TestCaseSource(nameof(Tokenizers))]
    public void Malformed_tokenizer_is_refused_in_one_line(Action<TinyFolder> change, string what)
    {
        using var folder = new TinyFolder();
        change(folder);
        Refuses(folder, what);
    }

    [TestCaseSource(nameof(Texts))]
    public void Malformed_file_is_refused_in_one_line(string name, string text, string what)
    {
        using var folder = new TinyFolder();
        var path = folder.Written();
        folder.Write(name, text);
        Refuses(path, folder.Target, what);
    }

    [TestCaseSource(nameof(Tensors))]
    public void Tensors_that_do_not_fit_are_refused_in_one_line(string remove, string add, long[] shape, string what)
    {
        using var folder = new TinyFolder(
            tensors: [.. TinyFolder.LlamaTensors.Where(t => t.Name != remove), .. add.Length > 0 ? [(add, shape)] : ((string, long[])[])[]]
        );
        Refuses(folder, what);
    }

    [Test]
    public void Missing_folder_and_config_are_refused()
    {
        using var folder = new TinyFolder();
        Refuses("/no/such/folder", folder.Target, "no such folder");
        Refuses(folder.Path, folder.Target, "config.json: missing");
    }

    [Test]
    public void Infinite_weights_are_refused_by_tensor_and_row()
    {
        using var folder = new TinyFolder();
        // The last four bytes of the file are the last value of down_proj.
        BitConverter.GetBytes(1e6f).CopyTo(folder.Weights, folder.Weights.Length - 4);
        Refuses(folder, "row 7 holds 1000000, which F16 cannot; choose --type bf16 or f32");
        BitConverter.GetBytes(float.NaN).CopyTo(folder.Weights, folder.Weights.Length - 4);
        Refuses(folder, "the model is damaged");
    }

    private static void Refuses(TinyFolder folder, string what) => Refuses(folder.Written(), folder.Target, what);

    private static void Refuses(string folder, string target, string what)
    {
        var fault = Assert.Throws<InputException>(() => ConvertFolder.Write(folder, target, new ConvertOptions()))!;
        Assert.Multiple(() =>
        {
            Assert.That(fault.Message, Does.Contain(what).IgnoreCase.And.Not.Contain("\n").And.Not.Contain("\u001b"));
            Assert.That(fault.Message, Does.Not.Contain(".unchecked"));
            Assert.That(Directory.GetFiles(Path.GetDirectoryName(target)!, "out*"), Is.Empty);
        });
    }

    [SuppressMessage("Design", "MA0051", Justification = "A table of cases.")]
    private static IEnumerable<TestCaseData> Configs()
    {
        static TestCaseData Case(string key, string? value, string what, string modelClass = "LlamaForCausalLM") =>
            new TestCaseData(modelClass, key, value, what).SetArgDisplayNames($"{key} {value ?? "absent"} {modelClass}");
        yield return Case("architectures", null, "'architectures'");
        yield return Case("architectures", "[]", "'architectures'");
        yield return Case("architectures", "\"LlamaForCausalLM\"", "'architectures'");
        yield return Case("architectures", "[1]", "'architectures'");
        yield return Case("architectures", "[\"Llama4ForCausalLM\"]", "are not converted");
        yield return Case("architectures", "[\"\\u001b[31m\"]", "are not converted");
        yield return Case("num_hidden_layers", null, "'n_layers'");
        yield return Case("num_hidden_layers", "0", "a number from 1");
        yield return Case("num_hidden_layers", "-1", "a whole number");
        yield return Case("num_hidden_layers", "1.5", "a whole number");
        yield return Case("num_hidden_layers", "\"1\"", "a whole number");
        yield return Case("num_hidden_layers", "2", "is missing");
        yield return Case("num_hidden_layers", "4294967295", "block_count");
        yield return Case("num_hidden_layers", "4294967296", "a whole number");
        yield return Case("hidden_size", null, "'hidden_size'");
        yield return Case("hidden_size", "16", "expected 16");
        yield return Case("hidden_size", "[8]", "a whole number");
        yield return Case("num_attention_heads", null, "'num_attention_heads'");
        yield return Case("num_attention_heads", "0", "a number from 1");
        yield return Case("num_attention_heads", "3", "heads of even size");
        yield return Case("num_key_value_heads", "0", "heads of even size");
        yield return Case("num_key_value_heads", "4", "heads of even size");
        yield return Case("intermediate_size", "13", "expected 8×13");
        yield return Case("vocab_size", null, "'vocab_size'");
        yield return Case("vocab_size", "100", "more than 258");
        yield return Case("vocab_size", "0", "'vocab_size'");
        yield return Case("vocab_size", "261", "tokens");
        yield return Case("vocab_size", "4294967295", "'vocab_size'");
        yield return Case("max_position_embeddings", "\"many\"", "a whole number");
        yield return Case("rms_norm_eps", "\"small\"", "a finite number");
        yield return Case("rms_norm_eps", null, "layer_norm_rms_epsilon");
        yield return Case("rope_theta", "{}", "a finite number");
        yield return Case("head_dim", "5", "expected");
        yield return Case("rope_scaling", "[]", "an object");
        yield return Case("rope_scaling", """{"rope_type":"spiral"}""", "expected linear, yarn");
        yield return Case("rope_scaling", """{"rope_type":"yarn","factor":2}""", "'original_max_position_embeddings'");
        yield return Case("rope_scaling", """{"rope_type":"linear","factor":"two"}""", "a finite number");
        yield return Case("rope_scaling", """{"rope_type":"llama3","factor":0}""", "positive factors");
        yield return Case("rope_scaling", """{"rope_type":"llama3","low_freq_factor":4,"high_freq_factor":1}""", "positive factors");
        yield return Case("quantization_config", """{"quant_method":"gptq"}""", "is quantised ('gptq')");
        yield return Case("quantization_config", """{"quant_method":"mxfp4"}""", "is quantised ('mxfp4')");
        yield return Case("quantization_config", """{"quant_method":"fp8","weight_block_size":[0,1]}""", "'weight_block_size'");
        yield return Case("eos_token_id", "-1", "an id from 0");
        yield return Case("num_experts", "2", "expert", "Qwen3MoeForCausalLM");
        yield return Case("head_dim", null, "tokenizer.model: missing", "Gemma2ForCausalLM");
        yield return Case("sliding_window", null, "tokenizer.model: missing", "Gemma3ForCausalLM");
        yield return Case("num_key_value_heads", null, "tokenizer.model: missing", "Phi3ForCausalLM");
        yield return Case("sliding_window", null, "'sliding_window'", "GptOssForCausalLM");
        yield return Case("model_type", "\"ministral3\"", "yarn, as ministral3 has it", "Ministral3ForCausalLM");
    }

    private static IEnumerable<TestCaseData> Tokenizers()
    {
        static TestCaseData Case(string name, Action<TinyFolder> change, string what) =>
            new TestCaseData(change, what).SetArgDisplayNames(name);
        static JsonObject Model(TinyFolder folder) => folder.Tokenizer["model"]!.AsObject();
        yield return Case("model missing", f => f.Tokenizer.Remove("model"), "key 'model'");
        yield return Case("model of another type", f => Model(f)["type"] = "Unigram", "'Unigram' are not converted");
        yield return Case("vocabulary missing", f => Model(f).Remove("vocab"), "'model.vocab' is missing");
        yield return Case("vocabulary a list", f => Model(f)["vocab"] = new JsonArray(), "no object of texts and ids");
        yield return Case("id negative", f => Model(f)["vocab"]!["th"] = -1, "expected an id");
        yield return Case("id fractional", f => Model(f)["vocab"]!["th"] = 1.5, "expected an id");
        yield return Case("id huge", f => Model(f)["vocab"]!["th"] = 5_000_000, "expected an id");
        yield return Case("id text", f => Model(f)["vocab"]!["th"] = "256", "expected an id");
        yield return Case("id twice", f => Model(f)["vocab"]!["th"] = 3, "there twice");
        yield return Case("token too long", f => Model(f)["vocab"]![new string('x', 70_000)] = 259, "70000 characters");
        yield return Case("merges a text", f => Model(f)["merges"] = "t h", "expected a list");
        yield return Case("merge of one part", f => Model(f)["merges"] = new JsonArray("th"), "expected two texts");
        yield return Case(
            "merge of three parts",
            f => Model(f)["merges"] = new JsonArray(new JsonArray("t", "h", "e")),
            "expected two texts"
        );
        yield return Case("merge a number", f => Model(f)["merges"] = new JsonArray(1), "expected two texts");
        yield return Case("no merges", f => Model(f)["merges"] = new JsonArray(), "holds no merges");
        yield return Case("added tokens an object", f => f.Tokenizer["added_tokens"] = new JsonObject(), "'added_tokens': expected a list");
        yield return Case("added token without id", f => f.Tokenizer["added_tokens"]![0]!.AsObject().Remove("id"), "added_tokens[0]");
        yield return Case("added token with another's id", f => f.Tokenizer["added_tokens"]![0]!["id"] = 5, "both have id 5");
        yield return Case("added token beyond the vocabulary", f => f.Tokenizer["added_tokens"]![0]!["id"] = 300, "the highest id");
        yield return Case(
            "added tokens of the config malformed",
            f => f.TokenizerConfig!["added_tokens_decoder"] = new JsonObject { ["x"] = new JsonObject { ["content"] = "y" } },
            "added_tokens_decoder.x"
        );
        yield return Case(
            "pre-tokenizer of no known kind",
            f => f.Tokenizer["pre_tokenizer"] = JsonNode.Parse(Odd),
            "give its name with --pre"
        );
    }

    private const string Odd = """{"type":"Split","pattern":{"Regex":"[a-e]+"},"behavior":"Isolated"}""";

    private static IEnumerable<TestCaseData> Texts()
    {
        static TestCaseData Case(string name, string text, string what) =>
            new TestCaseData(name, text, what).SetArgDisplayNames($"{name} {text}");
        yield return Case("config.json", "", "is not valid JSON");
        yield return Case("config.json", "{", "is not valid JSON");
        yield return Case("config.json", "[]", "expected a JSON object");
        yield return Case("config.json", "{\"a\": NaN}", "line 1, column 7");
        yield return Case("tokenizer.json", "null", "expected a JSON object");
        yield return Case("tokenizer.json", "{\"model\": {", "is not valid JSON");
        yield return Case("tokenizer_config.json", "{,}", "is not valid JSON");
        yield return Case("tokenizer.model", "", "holds no piece");
        yield return Case("tokenizer.model", "not protobuf", "is no SentencePiece model");
        yield return Case("tokenizer.model", "\n\uFFFF", "is no SentencePiece model");
        yield return Case("model.safetensors", "{}", "header too small");
        yield return Case("model.safetensors.index.json", "{}", "'weight_map'");
        yield return Case("hf_quant_config.json", "{}", "is quantised");
    }

    private static IEnumerable<TestCaseData> Tensors()
    {
        static TestCaseData Case(string remove, string add, long[] shape, string what) =>
            new TestCaseData(remove, add, shape, what).SetArgDisplayNames($"−{remove} +{add} [{string.Join(',', shape)}]");
        const string Query = "model.layers.0.self_attn.q_proj.weight";
        const string Embedding = "model.embed_tokens.weight";
        yield return Case(Query, "", [], "attn_q.weight");
        yield return Case(Embedding, "", [], "token_embd.weight");
        yield return Case(Embedding, Embedding, [10, 8], "260");
        yield return Case(Query, Query, [8, 9], "expected 8×8");
        yield return Case(Query, Query, [7, 8], "heads of even size");
        yield return Case(Query, Query, [1, 1, 8, 1, 8], "heads of even size");
        yield return Case("", "model.layers.1.mlp.up_proj.weight", [12, 8], "has no place");
        yield return Case("", "model.layers.0.mlp.extra.weight", [8], "has no place");
        yield return Case("", "\u001b[31m", [8], "invalid JSON header");
        yield return Case("", "embed_tokens.weight", [260, 8], "both become token_embd.weight");
        yield return Case("", "model.layers.0.mlp.experts.0.up_proj.weight", [12, 8], "'num_local_experts'");
        yield return Case("", "model.layers.0.self_attn.q_norm.weight", [4], "not part of");
    }
}
