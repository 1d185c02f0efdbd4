using System.Diagnostics.CodeAnalysis;
using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Safetensors;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.Safetensors;

/// <summary>Well-formed files are read as they are; every class of malformed file gets one line.</summary>
[TestFixture, Category("Compiler")]
public sealed class SafetensorsFileTests
{
    private const string Entry = """{"dtype":"F32","shape":[2],"data_offsets":[0,8]}""";

    [TestCaseSource(nameof(Malformed))]
    public void Malformed_file_is_refused_in_one_line(byte[] bytes, string what)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("bad.safetensors", bytes);
        var fault = Assert.Throws<InputException>(() => SafetensorsFile.Open(path).Dispose())!;
        Assert.Multiple(() =>
        {
            Assert.That(fault.Message, Does.StartWith($"{path}: ").And.Contain(what));
            Assert.That(fault.Message, Does.Not.Contain("\n").And.Not.Contain("\u001b"));
            Assert.That(fault.Message, Does.Match("again|is this a safetensors file"), "says what to do");
        });
    }

    [TestCaseSource(nameof(WellFormed))]
    public void Well_formed_file_is_read(byte[] bytes, int tensors)
    {
        using var folder = new TemporaryFolder();
        using var file = SafetensorsFile.Open(folder.File("good.safetensors", bytes));
        Assert.That(file.Tensors, Has.Count.EqualTo(tensors));
    }

    [Test]
    public void Values_are_those_of_the_bytes_at_any_alignment()
    {
        // One byte in front, so that nothing behind it is aligned.
        byte[] data =
        [
            7,
            .. BitConverter.GetBytes((Half)1.5f),
            .. BitConverter.GetBytes((ushort)(BitConverter.SingleToUInt32Bits(-2.5f) >> 16)),
            .. BitConverter.GetBytes(3.25f),
            .. BitConverter.GetBytes(-4.75),
            .. BitConverter.GetBytes(-5L),
            0x38,
            0x3C,
            0x7F,
        ];
        string[] types = ["U8", "F16", "BF16", "F32", "F64", "I64", "F8_E4M3", "F8_E5M2", "F8_E8M0"];
        int[] sizes = [1, 2, 2, 4, 8, 8, 1, 1, 1];
        var at = 0;
        var entries = types.Select(
            (type, i) => $"\"{type}\":{{\"dtype\":\"{type}\",\"shape\":[],\"data_offsets\":[{at},{at += sizes[i]}]}}"
        );
        using var folder = new TemporaryFolder();
        var bytes = SafetensorsBytes.File(System.Text.Encoding.UTF8.GetBytes($"{{{string.Join(",", entries)}}}"), data);
        using var file = SafetensorsFile.Open(folder.File("mixed.safetensors", bytes));
        float Value(string type)
        {
            var value = new float[1];
            file.Tensors.Single(t => t.Name == type).Decode(0, value);
            return value[0];
        }

        // 0x38 of E4M3 is 2^0, 0x3C of E5M2 is 2^0, 0x7F of E8M0 is 2^0.
        Assert.That(types.Select(Value), Is.EqualTo((float[])[7, 1.5f, -2.5f, 3.25f, -4.75f, -5, 1, 1, 1]));
    }

    [Test]
    public void Every_eight_bit_float_is_decoded_by_its_formula()
    {
        using var folder = new TemporaryFolder();
        var all = Enumerable.Range(0, 256).Select(b => (byte)b).ToArray();
        var header = """{"x":{"dtype":"F8_E4M3","shape":[256],"data_offsets":[0,256]}}""";
        using var file = SafetensorsFile.Open(
            folder.File("f8.safetensors", SafetensorsBytes.File(System.Text.Encoding.UTF8.GetBytes(header), all))
        );
        var values = new float[256];
        file.Tensors[0].Decode(0, values);
        Assert.Multiple(() =>
        {
            for (var b = 0; b < 256; b++)
            {
                var (sign, e, m) = (b < 128 ? 1.0 : -1.0, (b >> 3) & 15, b & 7);
                var expected = (e, m) is (15, 7)
                    ? double.NaN
                    : sign * (e == 0 ? m / 8.0 * Math.Pow(2, -6) : (1 + (m / 8.0)) * Math.Pow(2, e - 7));
                Assert.That(values[b], Is.EqualTo((float)expected), $"{b}");
            }
        });
    }

    private static IEnumerable<TestCaseData> WellFormed()
    {
        static TestCaseData Case(string name, byte[] bytes, int tensors) => new TestCaseData(bytes, tensors).SetArgDisplayNames(name);
        yield return Case("no tensor", SafetensorsBytes.File("{}", 0), 0);
        yield return Case("spaces behind the header", SafetensorsBytes.File($"{{\"a\":{Entry}}}   ", 8), 1);
        yield return Case("metadata", SafetensorsBytes.File($"{{\"__metadata__\":{{\"format\":\"pt\"}},\"a\":{Entry}}}", 8), 1);
        yield return Case("a size of 0", SafetensorsBytes.File("""{"a":{"dtype":"F16","shape":[2,0],"data_offsets":[0,0]}}""", 0), 1);
        yield return Case("no dimension", SafetensorsBytes.File("""{"a":{"dtype":"F64","shape":[],"data_offsets":[0,8]}}""", 8), 1);
        yield return Case("a name that would be a path", SafetensorsBytes.File($"{{\"../../etc/x\":{Entry}}}", 8), 1);
        yield return Case(
            "four bits, two at a time",
            SafetensorsBytes.File("""{"a":{"dtype":"F4","shape":[2],"data_offsets":[0,1]}}""", 1),
            1
        );
        yield return Case(
            "header order differs from data order",
            SafetensorsBytes.File(
                """{"b":{"dtype":"U8","shape":[1],"data_offsets":[1,2]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""",
                2
            ),
            2
        );
    }

    [SuppressMessage("Design", "MA0051", Justification = "A table of cases.")]
    private static IEnumerable<TestCaseData> Malformed()
    {
        static TestCaseData Bytes(string name, byte[] bytes, string what) => new TestCaseData(bytes, what).SetArgDisplayNames(name);
        static TestCaseData Header(string name, string header, int data, string what) =>
            Bytes(name, SafetensorsBytes.File(header, data), what);
        static TestCaseData One(string name, string entry, string what) => Header(name, $"{{\"a\":{entry}}}", 8, what);
        static string Shape(string shape, int end = 8, string type = "F32") =>
            $"{{\"dtype\":\"{type}\",\"shape\":{shape},\"data_offsets\":[0,{end}]}}";

        yield return Bytes("empty file", [], "header too small");
        yield return Bytes("seven bytes", new byte[7], "header too small");
        yield return Bytes("header of 100,000,001 bytes", SafetensorsBytes.Length(100_000_001), "header too large");
        yield return Bytes("header of 2^64 − 1 bytes", SafetensorsBytes.Length(ulong.MaxValue), "header too large");
        yield return Bytes("header longer than the file", [.. SafetensorsBytes.Length(3), (byte)'{', (byte)'}'], "invalid header length");
        yield return Bytes("header not UTF-8", SafetensorsBytes.File([(byte)'{', 0xFF, (byte)'}'], []), "invalid UTF-8");
        yield return Header("header of no bytes", "", 0, "must begin with a brace");
        yield return Header("space in front", " {}", 0, "must begin with a brace");
        yield return Header("a list", "[]", 0, "must begin with a brace");
        yield return Header("a GGUF file's text", "GGUF", 0, "must begin with a brace");
        yield return Header("brace left open", "{\"a\":", 0, "invalid JSON header");
        yield return Header("trailing comma", $"{{\"a\":{Entry},}}", 8, "invalid JSON header");
        yield return Header("comment", "{/* */}", 0, "invalid JSON header");
        yield return Header("zeros behind the header", "{}\0\0", 0, "invalid JSON header");
        yield return Header("second object", "{}{}", 0, "invalid JSON header");
        yield return Header("deep nesting", $"{{\"a\":{new string('[', 40)}{new string(']', 40)}}}", 0, "invalid JSON header");
        yield return Header("lone surrogate in a name", $"{{\"\\ud800\":{Entry}}}", 8, "invalid JSON header");
        yield return Header("tensor twice", $"{{\"a\":{Entry},\"a\":{Entry}}}", 8, "'a' is there twice");
        yield return Header("tensor twice by escape", $"{{\"a\":{Entry},\"\\u0061\":{Entry}}}", 8, "'a' is there twice");
        yield return Header("control characters in a name", $"{{\"\\u001b[2J\":{Entry},\"\\u001b[2J\":{Entry}}}", 8, "\\u001B[2J");
        yield return Header("metadata twice", "{\"__metadata__\":{},\"__metadata__\":{}}", 0, "__metadata__ is there twice");
        yield return Header("metadata no object", "{\"__metadata__\":[]}", 0, "__metadata__ is no object");
        yield return Header("metadata number", "{\"__metadata__\":{\"a\":1}}", 0, "'a' is no string");
        yield return Header("metadata null", "{\"__metadata__\":{\"a\":null}}", 0, "'a' is no string");
        yield return Header("metadata key twice", "{\"__metadata__\":{\"a\":\"\",\"a\":\"\"}}", 0, "'a' is there twice");
        yield return One("tensor null", "null", "'a' is no object");
        yield return One("tensor text", "\"F32\"", "'a' is no object");
        yield return One("dtype missing", """{"shape":[2],"data_offsets":[0,8]}""", "found less");
        yield return One("shape missing", """{"dtype":"F32","data_offsets":[0,8]}""", "found less");
        yield return One("offsets missing", """{"dtype":"F32","shape":[2]}""", "found less");
        yield return One("three offsets", """{"dtype":"F32","shape":[2],"data_offsets":[0,4,8]}""", "found less");
        yield return One("field unknown", """{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":1}""", "'x' is unknown");
        yield return One(
            "field twice",
            """{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}""",
            "'dtype' is unknown or there twice"
        );
        yield return One("dtype unknown", Shape("[2]", 8, "F33"), "unknown dtype 'F33'");
        yield return One("dtype small letters", Shape("[2]", 8, "f32"), "unknown dtype 'f32'");
        yield return One("dtype number", """{"dtype":32,"shape":[2],"data_offsets":[0,8]}""", "dtype is no string");
        yield return One("shape number", Shape("2"), "shape is no list");
        yield return One("shape negative", Shape("[-2]"), "something else than whole numbers");
        yield return One("shape fractional", Shape("[2.5]"), "something else than whole numbers");
        yield return One("shape exponent", Shape("[2e0]"), "something else than whole numbers");
        yield return One("shape text", Shape("[\"2\"]"), "something else than whole numbers");
        yield return One("shape nested", Shape("[[2]]"), "something else than whole numbers");
        yield return One("shape beyond 2^64", Shape("[18446744073709551616]"), "something else than whole numbers");
        yield return One("seventeen dimensions", Shape($"[{string.Join(',', Enumerable.Repeat("1", 17))}]", 4), "17 dimensions");
        yield return One("size beyond 2^63", Shape("[9223372036854775808]"), "overflow");
        yield return One("product beyond 2^64", Shape("[4294967296,4294967296]"), "overflow");
        yield return One("product wraps to the right size", Shape("[9223372036854775807,9223372036854775807,2]"), "overflow");
        yield return One("half a byte", Shape("[3]", 2, "F4"), "misaligned");
        yield return One("six bits", Shape("[1]", 1, "F6_E2M3"), "misaligned");
        yield return One("shape too small for its bytes", Shape("[1]"), "invalid shape, dtype or offset");
        yield return One("shape too large for its bytes", Shape("[3]"), "invalid shape, dtype or offset");
        yield return One("dtype too wide", Shape("[2]", 8, "F64"), "invalid shape, dtype or offset");
        yield return One("offset negative", """{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}""", "something else than whole numbers");
        yield return One("end before begin", """{"dtype":"F32","shape":[0],"data_offsets":[8,0]}""", "invalid offset");
        yield return One("hole in front", """{"dtype":"F32","shape":[1],"data_offsets":[4,8]}""", "invalid offset");
        yield return Header(
            "hole between",
            """{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[3,5]}}""",
            5,
            "invalid offset for tensor 'b'"
        );
        yield return Header(
            "overlap",
            """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}""",
            6,
            "invalid offset for tensor 'b'"
        );
        yield return Header("same bytes twice", $"{{\"a\":{Entry},\"b\":{Entry}}}", 8, "invalid offset for tensor 'b'");
        yield return Header(
            "many tensors at the same bytes",
            $"{{{string.Join(',', Enumerable.Range(0, 500).Select(i => $"\"{i}\":{Entry}"))}}}",
            8,
            "invalid offset"
        );
        yield return Header("file too short", $"{{\"a\":{Entry}}}", 7, "truncated");
        yield return Header("file too long", $"{{\"a\":{Entry}}}", 9, "not fully covered");
        yield return Header(
            "offsets beyond any file",
            """{"a":{"dtype":"U8","shape":[18446744073709551],"data_offsets":[0,18446744073709551]}}""",
            8,
            "truncated"
        );
    }
}
