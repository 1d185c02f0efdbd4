using System.Globalization;
using System.Text;
using System.Text.Json;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Compiler.Tokenizer;

namespace TaalasSim.Compiler.Conversion;

/// <summary>Reads the vocabulary of a model folder as convert_hf_to_gguf.py does.</summary>
internal sealed class ReadVocabulary
{
    private const float AddedScore = -1000;
    private const float HoleScore = -10000;

    private readonly TokenizerFiles _files;
    private readonly ModelConfig _config;
    private readonly ModelClass _kind;
    private readonly string? _pre;

    private ReadVocabulary(TokenizerFiles files, ModelConfig config, ModelClass kind, string? pre) =>
        (_files, _config, _kind, _pre) = (files, config, kind, pre);

    /// <summary>Reads it.</summary>
    /// <param name="files">Tokenizer files.</param>
    /// <param name="config">config.json.</param>
    /// <param name="kind">Class of the model.</param>
    /// <param name="pre">Name of the pre-tokenizer; null finds it.</param>
    /// <exception cref="InputException">The files are missing or malformed.</exception>
    public static ConvertedVocabulary From(TokenizerFiles files, ModelConfig config, ModelClass kind, string? pre)
    {
        var reader = new ReadVocabulary(files, config, kind, pre);
        return kind.Vocabulary switch
        {
            VocabularySource.BytePairs => reader.BytePairs(),
            VocabularySource.Llama => reader.Llama(),
            VocabularySource.Gemma => reader.Pieces() with { AddSpacePrefix = false },
            VocabularySource.Phi3 when files.ConfigText("tokenizer_class") == "GPT2Tokenizer" => reader.BytePairs(),
            VocabularySource.Phi3 => reader.Phi3(),
            _ => files.HasSentencePiece ? reader.Pieces() : reader.BytePairs(),
        };
    }

    private ConvertedVocabulary Llama()
    {
        if (_files.Json is null && File.Exists(_files.PathOf("tekken.json")))
            throw new InputException($"{_files.PathOf("tekken.json")}: is not read; give a tokenizer.json or tokenizer.model of the model");
        var vocabulary =
            _files.HasSentencePiece ? Pieces()
            : HasByteFallback() ? ByteFallback()
            : BytePairs();
        return vocabulary with { AddSpacePrefix = _files.ConfigFlag("add_prefix_space") };
    }

    // A Llama 2 vocabulary in tokenizer.json; the order of its merges is lost.
    private bool HasByteFallback() =>
        _files.ModelFlag("byte_fallback") == true
        && _files.Json!.Value.TryGetProperty("decoder", out var decoder)
        && decoder.ValueKind == JsonValueKind.Object
        && decoder.TryGetProperty("type", out var type)
        && type.ToString() == "Sequence";

    private ConvertedVocabulary Pieces()
    {
        var table = Table();
        foreach (var (text, id) in _files.AddedOfFile())
            table.Set(id, text, AddedScore, ConvertedVocabulary.UserDefined);
        foreach (var token in _files.AddedOfConfig())
        {
            var special = token.Special || ConvertedVocabulary.LooksSpecial(token.Content);
            table.Set(
                token.Id,
                special ? token.Content : token.Content.Replace('\u2581', ' '),
                AddedScore,
                special ? ConvertedVocabulary.Control : ConvertedVocabulary.UserDefined
            );
        }

        return table.Done();
    }

    private ConvertedVocabulary Phi3()
    {
        var table = Table();
        foreach (var (text, id) in _files.AddedOfFile())
            table.Set(id, text, AddedScore, ConvertedVocabulary.UserDefined);
        foreach (var token in _files.AddedOfConfig().Concat(_files.AddedOfJson()))
            table.Set(token.Id, token.Content, AddedScore, token.Special ? ConvertedVocabulary.Control : ConvertedVocabulary.UserDefined);
        return table.Done();
    }

    private PieceTable Table()
    {
        var path = _files.PathOf("tokenizer.model");
        if (!_files.HasSentencePiece)
            throw new InputException($"{path}: missing; models of {_kind.Architecture} need it: fetch the model's tokenizer files");
        var model = SentencePieceModel.Read(path);
        var table = new PieceTable(Size() ?? model.Pieces.Count);
        for (var id = 0; id < model.Pieces.Count; id++)
        {
            var (text, score, type) = model.Pieces[id];
            // The library that the converter asks knows no user-defined pieces.
            table.Set(id, text, score, type == ConvertedVocabulary.UserDefined ? ConvertedVocabulary.Normal : type);
        }

        return table;
    }

    private int? Size()
    {
        var size = _config.Size("vocab_size");
        return size is not (null or 0 or > TokenizerData.MostTokens) ? (int)size
            : size is null ? null
            : throw _config.Fault("vocab_size", $"1…{TokenizerData.MostTokens}", $"{size}");
    }

    private ConvertedVocabulary ByteFallback()
    {
        var pairs = _files.Pairs();
        var added = _files.AddedOfJson();
        var special = SpecialTexts();
        var texts = pairs
            .Select(p => (Text: p.Key, Id: (long)p.Value))
            .Concat(added.Where(t => !pairs.ContainsKey(t.Content)).Select(t => (Text: t.Content, t.Id)))
            .OrderBy(t => t.Id)
            .ToList();
        for (var i = 0; i < texts.Count; i++)
            if (texts[i].Id != i)
                throw new InputException($"{_files.PathOf("tokenizer.json")}: no token has id {i}; fetch the file again");
        return new ConvertedVocabulary
        {
            Model = "llama",
            Pre = "default",
            Tokens = [.. texts.Select(t => Encoding.UTF8.GetBytes(t.Text))],
            Scores = [.. texts.Select(_ => AddedScore)],
            Types =
            [
                .. texts.Select(t =>
                    IsByte(t.Text) ? ConvertedVocabulary.Byte
                    : special.Contains(t.Text) ? ConvertedVocabulary.Control
                    : pairs.ContainsKey(t.Text) ? ConvertedVocabulary.Normal
                    : ConvertedVocabulary.UserDefined
                ),
            ],
        };
    }

    private static bool IsByte(string text) =>
        text is ['<', '0', 'x', var high, var low, '>'] && char.IsAsciiHexDigit(high) && char.IsAsciiHexDigit(low);

    private HashSet<string> SpecialTexts()
    {
        var texts = new HashSet<string>(StringComparer.Ordinal);
        void Take(JsonElement value)
        {
            if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("content", out var content))
                value = content;
            if (value.ValueKind == JsonValueKind.String)
                texts.Add(value.GetString()!);
        }

        if (_files.Config is not { } config)
            return texts;
        foreach (var type in (string[])["bos", "eos", "unk", "sep", "pad", "cls", "mask"])
            if (config.TryGetProperty(type + "_token", out var token))
                Take(token);
        if (config.TryGetProperty("additional_special_tokens", out var more) && more.ValueKind == JsonValueKind.Array)
            foreach (var token in more.EnumerateArray())
                Take(token);
        return texts;
    }

    private ConvertedVocabulary BytePairs()
    {
        var pairs = _files.Pairs();
        if (_files.Merges().Count == 0)
            throw new InputException($"{_files.PathOf("tokenizer.json")}: holds no merges; fetch the tokenizer files again");
        var added = Added(pairs);
        var highest = pairs.Values.Select(id => (long)id).Concat(added.Values.Select(t => t.Id)).DefaultIfEmpty(-1).Max();
        var size = Size() ?? (int)highest + 1;
        if (highest < 0 || highest >= size)
            throw _config.Fault("vocab_size", $"more than {highest}, the highest id of the tokenizer", $"{size}");
        var (texts, types) = (new byte[size][], new int[size]);
        for (var id = 0; id < size; id++)
            (texts[id], types[id]) = (
                Encoding.UTF8.GetBytes($"[PAD{id.ToString(CultureInfo.InvariantCulture)}]"),
                ConvertedVocabulary.Unused
            );
        foreach (var (text, id) in pairs)
            (texts[id], types[id]) = (Encoding.UTF8.GetBytes(text), ConvertedVocabulary.Normal);
        foreach (var token in added.Values)
        {
            var plain = _kind.PlainAddedTokens;
            var special = token.Special || (!plain && ConvertedVocabulary.LooksSpecial(token.Content));
            var text = special || plain ? token.Content : token.Content.Replace('\u2581', ' ');
            (texts[token.Id], types[token.Id]) = (
                Encoding.UTF8.GetBytes(text),
                special ? ConvertedVocabulary.Control : ConvertedVocabulary.UserDefined
            );
        }

        var (pre, note) = _pre is { } given ? (given, null) : FindPreTokenizer.For(_files, pairs, [.. added.Values], _kind.Pre);
        return new ConvertedVocabulary
        {
            Model = "gpt2",
            Pre = pre,
            Tokens = texts,
            Types = types,
            Notes = note is null ? [] : [note],
        };
    }

    // Those of tokenizer.json, and of tokenizer_config.json what it does not know.
    private Dictionary<string, AddedToken> Added(Dictionary<string, int> pairs)
    {
        var added = new Dictionary<string, AddedToken>(StringComparer.Ordinal);
        var usedBy = pairs.ToDictionary(p => (long)p.Value, p => p.Key);
        foreach (var token in _files.AddedOfJson().Concat(_files.AddedOfConfig()))
        {
            if (added.ContainsKey(token.Content))
                continue;
            if (usedBy.TryGetValue(token.Id, out var other) && other != token.Content)
                throw new InputException(
                    $"{_files.PathOf("tokenizer.json")}: tokens {GgufFaults.Quote(other)} and {GgufFaults.Quote(token.Content)} both "
                        + $"have id {token.Id}; fetch the tokenizer files again"
                );
            usedBy[token.Id] = token.Content;
            added.Add(token.Content, token);
        }

        return added;
    }

    /// <summary>Texts, scores and types by id, holes as such.</summary>
    private sealed class PieceTable(int size)
    {
        private readonly string?[] _texts = new string?[size];
        private readonly float[] _scores = new float[size];
        private readonly int[] _types = new int[size];

        /// <summary>Sets a token; one beyond the vocabulary is passed over.</summary>
        public void Set(long id, string text, float score, int type)
        {
            if (id >= size)
                return;
            (_texts[id], _scores[id], _types[id]) = (text, score, type);
        }

        public ConvertedVocabulary Done()
        {
            for (var id = 0; id < size; id++)
                if (_texts[id] is null)
                    (_texts[id], _scores[id], _types[id]) = (
                        $"[PAD{id.ToString(CultureInfo.InvariantCulture)}]",
                        HoleScore,
                        ConvertedVocabulary.Unused
                    );
            return new ConvertedVocabulary
            {
                Model = "llama",
                Pre = "default",
                Tokens = [.. _texts.Select(text => Encoding.UTF8.GetBytes(text!))],
                Scores = _scores,
                Types = _types,
            };
        }
    }
}
