using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Safetensors;

namespace TaalasSim.Compiler.Conversion;

/// <summary>How models of some Hugging Face classes become one GGUF architecture.</summary>
internal sealed record ModelClass
{
    /// <summary>Names in config.json's <c>architectures</c>.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Value of <c>general.architecture</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>Writes sizes and traits as keys.</summary>
    public Action<GgufKeys, ModelConfig, RopeParameters> Keys { get; init; } = WriteModelKeys.Common;

    /// <summary>Makes the tensors that stand for the scaling of positions.</summary>
    public Func<GgufKeys, ModelConfig, RopeParameters, IReadOnlyList<ConvertedTensor>> RopeTensors { get; init; } = (_, _, _) => [];

    /// <summary>Finds what a special tensor of the architecture becomes, or null.</summary>
    public Func<
        SafetensorsModel,
        SafetensorsTensor,
        string,
        IEnumerable<(string Name, ConvertedTensor Tensor)>?
    > SpecialTensors { get; init; } = (_, _, _) => null;

    /// <summary>Writes keys of the vocabulary beside those of its files.</summary>
    public Action<GgufKeys, ModelConfig> VocabularyKeys { get; init; } = (_, _) => { };

    /// <summary>Whether added tokens are taken as they are, whatever their text says.</summary>
    public bool PlainAddedTokens { get; init; }

    /// <summary>Where the vocabulary comes from.</summary>
    public VocabularySource Vocabulary { get; init; } = VocabularySource.BytePairs;

    /// <summary>Pre-tokenizer of the family, where its name is not known by the vocabulary's hash.</summary>
    public required string Pre { get; init; }

    /// <summary>Whether the rows of queries and keys change from half heads to neighbouring pairs.</summary>
    public bool PairsHalves { get; init; }

    /// <summary>Whether norms are stored less one.</summary>
    public bool NormsLessOne { get; init; }

    /// <summary>Whether a separate output matrix is left out.</summary>
    public bool DropsHead { get; init; }

    /// <summary>Whether embedding rows beyond the vocabulary are cut off.</summary>
    public bool CutsEmbedding { get; init; }

    /// <summary>Whether the norm after attention is one, not the norm before the feed-forward layer.</summary>
    public bool NormAfterAttention { get; init; }

    /// <summary>Every class that is converted.</summary>
    public static IReadOnlyList<ModelClass> All { get; } =
    [
        new()
        {
            Names = ["LlamaForCausalLM", "LLaMAForCausalLM", "MistralForCausalLM", "MixtralForCausalLM", "LlamaModel"],
            Architecture = "llama",
            Keys = WriteModelKeys.Llama,
            RopeTensors = Conversion.RopeTensors.Llama3,
            VocabularyKeys = VocabularyExtras.Llama,
            Vocabulary = VocabularySource.Llama,
            Pre = "llama-bpe",
            PairsHalves = true,
        },
        new()
        {
            Names = ["Mistral3ForConditionalGeneration", "Ministral3ForCausalLM"],
            Architecture = "mistral3",
            Keys = WriteModelKeys.Mistral3,
            RopeTensors = Conversion.RopeTensors.Llama3,
            VocabularyKeys = VocabularyExtras.Llama,
            Vocabulary = VocabularySource.Llama,
            Pre = "tekken",
            PairsHalves = true,
        },
        new()
        {
            Names = ["Qwen2ForCausalLM", "Qwen2Model", "KORMoForCausalLM"],
            Architecture = "qwen2",
            Vocabulary = VocabularySource.SentencePieceOrBytePairs,
            Pre = "qwen2",
        },
        new()
        {
            Names = ["Qwen2MoeForCausalLM"],
            Architecture = "qwen2moe",
            Keys = WriteModelKeys.QwenExperts,
            Pre = "qwen2",
        },
        new()
        {
            Names = ["Qwen3ForCausalLM", "Qwen3Model"],
            Architecture = "qwen3",
            Vocabulary = VocabularySource.SentencePieceOrBytePairs,
            Pre = "qwen2",
        },
        new()
        {
            Names = ["Qwen3MoeForCausalLM"],
            Architecture = "qwen3moe",
            Keys = WriteModelKeys.QwenExperts,
            Pre = "qwen2",
        },
        new()
        {
            Names = ["Gemma2ForCausalLM"],
            Architecture = "gemma2",
            Keys = WriteModelKeys.Gemma2,
            Vocabulary = VocabularySource.Gemma,
            Pre = "default",
            NormsLessOne = true,
            DropsHead = true,
            NormAfterAttention = true,
        },
        new()
        {
            Names = ["Gemma3ForCausalLM", "Gemma3ForConditionalGeneration"],
            Architecture = "gemma3",
            Keys = WriteModelKeys.Gemma3,
            Vocabulary = VocabularySource.Gemma,
            Pre = "default",
            NormsLessOne = true,
            CutsEmbedding = true,
            NormAfterAttention = true,
        },
        new()
        {
            Names = ["Phi3ForCausalLM"],
            Architecture = "phi3",
            Keys = WriteModelKeys.Phi3,
            RopeTensors = Conversion.RopeTensors.Phi3,
            Vocabulary = VocabularySource.Phi3,
            Pre = "dbrx",
        },
        new()
        {
            Names = ["GptOssForCausalLM"],
            Architecture = "gpt-oss",
            Keys = WriteModelKeys.GptOss,
            SpecialTensors = GptOssTensors.Find,
            Pre = "gpt-4o",
            NormAfterAttention = true,
        },
        new()
        {
            Names = ["Olmo2ForCausalLM", "Olmo3ForCausalLM"],
            Architecture = "olmo2",
            Keys = WriteModelKeys.Olmo2,
            Pre = "dbrx",
            NormAfterAttention = true,
        },
        new()
        {
            Names = ["OlmoeForCausalLM"],
            Architecture = "olmoe",
            Keys = WriteModelKeys.Olmoe,
            Pre = "olmo",
        },
        new()
        {
            Names = ["SmolLM3ForCausalLM"],
            Architecture = "smollm3",
            Keys = WriteModelKeys.Llama,
            RopeTensors = Conversion.RopeTensors.Llama3,
            VocabularyKeys = VocabularyExtras.Llama,
            Vocabulary = VocabularySource.Llama,
            Pre = "llama-bpe",
            PairsHalves = true,
        },
        new()
        {
            Names = ["GraniteForCausalLM"],
            Architecture = "granite",
            Keys = WriteModelKeys.Granite,
            RopeTensors = Conversion.RopeTensors.Llama3,
            VocabularyKeys = VocabularyExtras.Llama,
            Vocabulary = VocabularySource.Llama,
            Pre = "refact",
            PairsHalves = true,
        },
        new()
        {
            Names = ["SeedOssForCausalLM"],
            Architecture = "seed_oss",
            Pre = "seed-coder",
            NormAfterAttention = true,
        },
        new()
        {
            Names = ["Exaone4ForCausalLM"],
            Architecture = "exaone4",
            Keys = WriteModelKeys.Exaone4,
            RopeTensors = Conversion.RopeTensors.Exaone4,
            Pre = "exaone4",
            NormAfterAttention = true,
        },
        new()
        {
            Names = ["LLaDAModelLM"],
            Architecture = "llada",
            Keys = WriteModelKeys.Llada,
            VocabularyKeys = VocabularyExtras.Llada,
            PlainAddedTokens = true,
            Pre = "llada-moe",
            PairsHalves = true,
        },
        new()
        {
            Names = ["DreamModel"],
            Architecture = "dream",
            Keys = WriteModelKeys.Dream,
            PlainAddedTokens = true,
            Vocabulary = VocabularySource.SentencePieceOrBytePairs,
            Pre = "qwen2",
        },
    ];

    /// <summary>The class of a model.</summary>
    /// <exception cref="InputException">It is not converted.</exception>
    public static ModelClass Of(ModelConfig config) =>
        All.FirstOrDefault(c => c.Names.Contains(config.ModelClass, StringComparer.Ordinal))
        ?? throw new InputException(
            $"{config.Path}: models of class {Gguf.GgufFaults.Quote(config.ModelClass)} are not converted"
                + $"{NearestName.Hint(config.ModelClass, All.SelectMany(c => c.Names))}; converted: "
                + $"{string.Join(' ', All.SelectMany(c => c.Names))}"
        );
}
