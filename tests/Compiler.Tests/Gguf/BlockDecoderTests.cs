using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using NUnit.Framework;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.Gguf;

[TestFixture, Category("Kernels")]
public sealed class BlockDecoderTests
{
    [TestCaseSource(nameof(VectorLines))]
    public void Blocks_decode_to_the_bits_of_the_reference_vectors(string line)
    {
        using var vector = JsonDocument.Parse(line);
        var type = CodeFormats.FindGgml(vector.RootElement.GetProperty("id").GetInt32())!;
        var block = Convert.FromHexString(vector.RootElement.GetProperty("block").GetString()!);
        var expected = Convert
            .FromHexString(vector.RootElement.GetProperty("f32_bits").GetString()!)
            .Chunk(4)
            .Select(bytes => BinaryPrimitives.ReadUInt32BigEndian(bytes))
            .ToArray();

        var values = new float[type.BlockWeights];
        type.Decode(block, values);

        Assert.Multiple(() =>
        {
            Assert.That($"{type}", Is.EqualTo(vector.RootElement.GetProperty("type").GetString()));
            Assert.That(Bits(values), Is.EqualTo(expected));
        });
    }

    [TestCaseSource(nameof(GoldenTypes))]
    public void Blocks_decode_to_the_bits_of_the_reference_build(
        int id,
        string file,
        int blockElements,
        int blockBytes,
        int count,
        int quantised,
        int quantisedBytes,
        int quantisedValues,
        int random,
        int randomValues
    )
    {
        var type = CodeFormats.FindGgml(id)!;
        var golden = File.ReadAllBytes(Shared.Path($"golden/dequant/{file}"));
        Assert.Multiple(() =>
        {
            Assert.That(type.BlockWeights, Is.EqualTo(blockElements));
            Assert.That(type.BlockBytes, Is.EqualTo(blockBytes));
            Assert.That(
                Decode(type, golden.AsSpan(quantised, quantisedBytes), count),
                Is.EqualTo(BitsAt(golden, quantisedValues, count)),
                "quantised gaussians"
            );
            Assert.That(
                Decode(type, golden.AsSpan(random, quantisedBytes), count),
                Is.EqualTo(BitsAt(golden, randomValues, count)),
                "random bits"
            );
        });
    }

    [Test]
    public void Every_live_type_decodes_a_block_of_zero_bytes()
    {
        Assert.Multiple(() =>
        {
            foreach (var type in CodeFormats.GgufTypes)
            {
                var values = new float[type.BlockWeights];
                values.AsSpan().Fill(float.NaN);
                type.Decode(new byte[type.BlockBytes], values);
                // A zero MXFP4 exponent is 2^-128, not zero, but its codes are.
                Assert.That(values, Is.All.EqualTo(0f), $"{type}");
            }
        });
    }

    [Test]
    public void Plain_numbers_decode_to_themselves()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Values<double>(CodeFormats.Named("f64"), [0.1, -3]), Is.EqualTo(new[] { 0.1f, -3f }));
            Assert.That(Values<sbyte>(CodeFormats.FindGgml(24)!, [-128, 5]), Is.EqualTo(new[] { -128f, 5f }));
            Assert.That(Values<short>(CodeFormats.FindGgml(25)!, [-32768, 7]), Is.EqualTo(new[] { -32768f, 7f }));
            Assert.That(Values<int>(CodeFormats.FindGgml(26)!, [16777217, -9]), Is.EqualTo(new[] { 16777216f, -9f }));
            Assert.That(Values<long>(CodeFormats.FindGgml(27)!, [1L << 40, -1]), Is.EqualTo(new[] { 1099511627776f, -1f }));
        });
    }

    [Test]
    public void Activation_blocks_decode_to_code_times_scale()
    {
        var q81 = new byte[36];
        BinaryPrimitives.WriteHalfLittleEndian(q81, (Half)0.5);
        q81[4] = unchecked((byte)-7);
        q81[35] = 9;
        var q8k = new byte[292];
        BinaryPrimitives.WriteSingleLittleEndian(q8k, 0.25f);
        q8k[4] = 3;
        q8k[259] = unchecked((byte)-128);
        var (short32, long256) = (new float[32], new float[256]);
        CodeFormats.FindGgml(9)!.Decode(q81, short32);
        CodeFormats.FindGgml(15)!.Decode(q8k, long256);
        Assert.Multiple(() =>
        {
            Assert.That(short32[0], Is.EqualTo(-7 * 0.5f));
            Assert.That(short32[31], Is.EqualTo(9 * 0.5f));
            Assert.That(long256[0], Is.EqualTo(3 * 0.25f));
            Assert.That(long256[255], Is.EqualTo(-128 * 0.25f));
        });
    }

    [Test]
    public void Bytes_that_do_not_match_the_values_are_refused() =>
        Assert.Multiple(() =>
        {
            Assert.That(() => CodeFormats.Named("q4_0").Decode(new byte[18], new float[64]), Throws.ArgumentException);
            Assert.That(() => CodeFormats.Named("q4_0").Decode(new byte[18], new float[31]), Throws.ArgumentException);
        });

    // Sizes and SHA-256 of the tables as one signed byte a value, as published with the format sheet.
    [TestCase("Iq2Xxs", 256 * 8, "05826b5d3e472a3a78f196be62ac78acf81df0f909626e12ab9fa2a5d490dd54")]
    [TestCase("Iq2Xs", 512 * 8, "06e47aaca60b4dc1d9b5a3f34540437058a6b142b4d7a59d5ded769b4d1bf1de")]
    [TestCase("Iq2S", 1024 * 8, "e1aa1473412b0552c2174c30ef22ab4073f6a181b85a17056e8249bd2932fd88")]
    [TestCase("Iq3Xxs", 256 * 4, "46e35f5a997efdee6c99ce57854c8a0d4f0ff8ca57e5e8a60c0793ea580acf5d")]
    [TestCase("Iq3S", 512 * 4, "bd1af4945a1717c65610b0284e4628b9a1ba3b306fae3a06f6e5f597356e349f")]
    [TestCase("Iq1", 2048 * 8, "07540ffc1aeaf6ad4d97e96b0fcc765aae39671d4ae4a27bbd0e796fde167c6a")]
    public void Codebooks_have_their_published_digest(string name, int values, string sha256)
    {
        var grid = name switch
        {
            "Iq2Xxs" => CodebookGrids.Iq2Xxs,
            "Iq2Xs" => CodebookGrids.Iq2Xs,
            "Iq2S" => CodebookGrids.Iq2S,
            "Iq3Xxs" => CodebookGrids.Iq3Xxs,
            "Iq3S" => CodebookGrids.Iq3S,
            _ => CodebookGrids.Iq1,
        };
        var digest = Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(grid)));
        Assert.That(grid.Length, Is.EqualTo(values));
        Assert.That(digest, Is.EqualTo(sha256));
    }

    [Test]
    public void Sign_codes_have_an_even_number_of_minus_signs() =>
        Assert.That(
            Enumerable
                .Range(0, 128)
                .Select(i => (CodebookGrids.Signs((uint)i) & 127) == i && byte.PopCount(CodebookGrids.Signs((uint)i)) % 2 == 0),
            Is.All.True
        );

    private static IEnumerable<string> VectorLines() =>
        Shared.Has("specs/gguf_block_vectors.jsonl") ? File.ReadLines(Shared.Path("specs/gguf_block_vectors.jsonl")) : [];

    private static IEnumerable<TestCaseData> GoldenTypes()
    {
        if (!Shared.Has("golden/dequant/index.json"))
            yield break;
        using var index = JsonDocument.Parse(File.ReadAllText(Shared.Path("golden/dequant/index.json")));
        foreach (var row in index.RootElement.EnumerateArray())
        {
            int At(string field) => row.GetProperty(field).GetInt32();
            yield return new TestCaseData(
                At("type_id"),
                row.GetProperty("file").GetString(),
                At("block_elems"),
                At("block_bytes"),
                At("n"),
                At("quant_off"),
                At("quant_bytes"),
                At("quant_dequant_off"),
                At("random_off"),
                At("random_dequant_off")
            ).SetArgDisplayNames(row.GetProperty("type").GetString()!);
        }
    }

    private static uint[] Decode(CodeFormat type, ReadOnlySpan<byte> blocks, int count)
    {
        var values = new float[count];
        type.Decode(blocks, values);
        return Bits(values);
    }

    private static float[] Values<T>(CodeFormat type, ReadOnlySpan<T> numbers)
        where T : unmanaged
    {
        var values = new float[numbers.Length];
        type.Decode(MemoryMarshal.AsBytes(numbers), values);
        return values;
    }

    private static uint[] Bits(ReadOnlySpan<float> values) => MemoryMarshal.Cast<float, uint>(values).ToArray();

    private static uint[] BitsAt(byte[] bytes, int offset, int count) =>
        MemoryMarshal.Cast<byte, uint>(bytes.AsSpan(offset, 4 * count)).ToArray();
}
