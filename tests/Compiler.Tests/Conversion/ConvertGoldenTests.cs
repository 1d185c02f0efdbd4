using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using NUnit.Framework;
using TaalasSim.Compiler.Conversion;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.Conversion;

/// <summary>Folders give the tensors, byte for byte, and the keys that convert_hf_to_gguf.py gave.</summary>
[TestFixture, Category("Validation")]
public sealed class ConvertGoldenTests
{
    // Labels that name the model and say nothing of how it computes.
    private static readonly string[] Labels = ["general.name", "general.size_label"];

    private static IEnumerable<string> Cases =>
        Shared.Has("convert/expected")
            ? Shared.Files("convert/expected", "*.json").Select(path => Path.GetFileNameWithoutExtension(path)!)
            : ["stories-f16"];

    [TestCaseSource(nameof(Cases))]
    public void Folder_becomes_the_reference_file(string name)
    {
        var expected = JsonNode.Parse(File.ReadAllText(Shared.Path($"convert/expected/{name}.json")))!;
        var folder = Shared.Path($"convert/hf/{expected["model"]}");
        if (!File.Exists(Path.Combine(folder, "model.safetensors")) && !File.Exists(Path.Combine(folder, "model.safetensors.index.json")))
            Assert.Ignore($"needs the drawn weights of {folder} (convert/unpack.py), which are absent");
        var target = Path.Combine(TemporaryFolder.New(), name + ".gguf");
        ConvertFolder.Write(folder, target, new ConvertOptions { Type = name[(name.LastIndexOf('-') + 1)..] });
        using var file = GgufFile.Open(target);
        Assert.Multiple(() =>
        {
            var tensors = expected["tensors"]!.AsArray();
            Assert.That(file.Tensors, Has.Count.EqualTo(tensors.Count));
            foreach (var tensor in tensors)
            {
                var found = file.Tensor((string)tensor!["name"]!, [.. tensor["dims"]!.AsArray().Select(d => (long)d!)]);
                Assert.That(found.Type.GgmlType, Is.EqualTo((int)tensor["type"]!), found.Name);
                Assert.That(Digest(found), Is.EqualTo((string)tensor["sha256"]!), found.Name);
            }

            foreach (var (key, value) in expected["kv"]!.AsObject())
                if (!Labels.Contains(key) && !key.StartsWith("general.sampling", StringComparison.Ordinal))
                    Compare(file.Metadata.Find(key), key, value!);
        });
    }

    private static string Digest(GgufTensor tensor)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (long row = 0; row < tensor.Rows; row++)
            sha.AppendData(tensor.Row(row));
        return Convert.ToHexStringLower(sha.GetHashAndReset());
    }

    private static void Compare(GgufValue? found, string key, JsonNode expected)
    {
        Assert.That(found, Is.Not.Null, key);
        if (found is null)
            return;
        switch (expected)
        {
            case JsonObject list:
                Assert.That(found.Count, Is.EqualTo((long)list["n"]!), key);
                if (found.ElementType != GgufValueType.Float32)
                    Assert.That(Hash(found), Is.EqualTo((string)list["sha256_of_json"]!), key);
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                Assert.That(found.Text(), Is.EqualTo((string)value!), key);
                break;
            case JsonValue value when found.Type == GgufValueType.Float32:
                Assert.That(found.Scalar<float>(), Is.EqualTo((double)value!).Within(1e-6).Percent, key);
                break;
            case JsonValue value:
                Assert.That(found.ToString(), Is.EqualTo(value.ToJsonString()), key);
                break;
        }
    }

    // Compact JSON as Python writes it without escapes.
    private static string Hash(GgufValue list)
    {
        var options = new JsonSerializerOptions { Encoder = new PythonEncoder() };
        var bytes =
            list.ElementType == GgufValueType.String
                ? JsonSerializer.SerializeToUtf8Bytes(list.Texts(), options)
                : JsonSerializer.SerializeToUtf8Bytes(list.Array<int>(), options);
        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }

    private sealed unsafe class PythonEncoder : JavaScriptEncoder
    {
        public override int MaxOutputCharactersPerInputCharacter => 6;

        public override int FindFirstCharacterToEncode(char* text, int textLength)
        {
            for (var i = 0; i < textLength; i++)
                if (WillEncode(text[i]))
                    return i;
            return -1;
        }

        public override bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
        {
            var text = unicodeScalar switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\b' => "\\b",
                '\f' => "\\f",
                < 0x20 => $"\\u{unicodeScalar:x4}",
                _ => char.ConvertFromUtf32(unicodeScalar),
            };
            numberOfCharactersWritten = text.AsSpan().TryCopyTo(new Span<char>(buffer, bufferLength)) ? text.Length : 0;
            return numberOfCharactersWritten > 0;
        }

        public override bool WillEncode(int unicodeScalar) => unicodeScalar is < 0x20 or '"' or '\\';
    }
}
