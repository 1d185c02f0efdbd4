using System.Diagnostics.CodeAnalysis;
using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.Gguf;

/// <summary>Every class of malformed file gets one line that names the byte and the fault.</summary>
[TestFixture, Category("Compiler")]
public sealed class GgufBadInputTests
{
    private const int F32 = 0;
    private const int I8 = 24;
    private const int Q4 = 2;

    [TestCaseSource(nameof(Cases))]
    public void Malformed_file_is_refused_in_one_line(byte[] bytes, int at, string what)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("bad.gguf", bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var fault = Assert.Throws<InputException>(() => GgufFile.Open(path).Dispose())!;
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Multiple(() =>
        {
            Assert.That(fault.Message, Does.StartWith($"{path}: byte ").And.Contain($"byte {at}: ").And.Contain(what));
            Assert.That(fault.Message, Does.Not.Contain("\n"));
            Assert.That(fault.Message, Does.Contain("; ").And.Match("again|give a .gguf|first"), "says what to do");
            Assert.That(allocated, Is.LessThan(1 << 20));
        });
    }

    [Test]
    public void Missing_file_is_refused_by_name() =>
        Assert.That(
            () => GgufFile.Open("/no/such/model.gguf"),
            Throws
                .TypeOf<InputException>()
                .With.Message.EqualTo("/no/such/model.gguf: cannot be opened (no such file); check the path and its permissions")
        );

    [Test]
    public void Folder_is_refused() =>
        Assert.That(() => GgufFile.Open(Path.GetTempPath()), Throws.TypeOf<InputException>().With.Message.Contain("cannot be opened"));

    [Test]
    public void Faults_of_several_tensors_are_reported_together()
    {
        using var folder = new TemporaryFolder();
        var bytes = GgufBytes
            .Header(4, 0)
            .Tensor("a", 4, 0, 32)
            .Tensor("b", F32, 7, 8)
            .Tensor("c", Q4, 64, 31)
            .Tensor("a", F32, 96, -1)
            .Pad()
            .Zeros(256)
            .ToArray();
        Assert.That(
            () => GgufFile.Open(folder.File("bad.gguf", bytes)),
            Throws
                .TypeOf<InputException>()
                .With.Message.Contain("'a' has type 4 (Q4_2), which was removed")
                .And.Message.Contain("'c' has rows of 31")
                .And.Message.Contain("duplicate tensor 'a'")
                .And.Message.Contain("negative dimension")
        );
    }

    [Test]
    public void Very_many_faults_stay_one_readable_line()
    {
        using var folder = new TemporaryFolder();
        var bytes = GgufBytes.Header(1000, 0);
        for (var i = 0; i < 1000; i++)
            bytes.Tensor($"t{i}", 99, 0, 32);
        Assert.That(
            () => GgufFile.Open(folder.File("bad.gguf", bytes.ToArray())),
            Throws.TypeOf<InputException>().With.Message.Contain("and 992 more faults").And.Message.Length.LessThan(2000)
        );
    }

    [Test]
    public void Names_cannot_break_the_line()
    {
        using var folder = new TemporaryFolder();
        var bytes = GgufBytes.Header(1, 0).Tensor("a\nb\u001b[31m", 99, 0, 32).Pad().ToArray();
        Assert.That(
            () => GgufFile.Open(folder.File("bad.gguf", bytes)),
            Throws.TypeOf<InputException>().With.Message.Contain("'a\\u000Ab\\u001B[31m'")
        );
    }

    [SuppressMessage("Design", "MA0051", Justification = "A table of cases.")]
    private static IEnumerable<TestCaseData> Cases()
    {
        static TestCaseData Case(string name, GgufBytes bytes, int at, string what) =>
            new TestCaseData(bytes.ToArray(), at, what).SetArgDisplayNames(name);
        // One entry or tensor begins at byte 24; a value of key "k" at 24 + 8 + 1 + 4, a tensor "t"'s dimensions at 24 + 8 + 1.
        static GgufBytes OneValue() => GgufBytes.Header(0, 1);
        static GgufBytes OneTensor() => GgufBytes.Header(1, 0);

        yield return Case("empty file", new GgufBytes(), 0, "not a GGUF file");
        yield return Case("seven bytes", new GgufBytes().Raw("GGUF"u8).Zeros(3), 0, "not a GGUF file");
        yield return Case("bad magic", new GgufBytes().Raw("QK\u0003\u0004"u8).Zeros(40), 0, "invalid magic 0x04034b51");
        yield return Case("zip", new GgufBytes().Raw("PK\u0003\u0004"u8).Zeros(40), 0, "not a GGUF file: it is a zip archive");
        yield return Case("less than a header", new GgufBytes().Raw("GGUF"u8).U32(3).Zeros(15), 8, "truncated");
        yield return Case("version 0", GgufBytes.Header(0, 0, 0), 4, "bad version 0");
        yield return Case("version 1", GgufBytes.Header(0, 0, 1), 4, "GGUFv1 is no longer supported");
        yield return Case(
            "version 1 in its 16 bytes",
            new GgufBytes().Raw("GGUF"u8).U32(1).U32(0).U32(0),
            4,
            "GGUFv1 is no longer supported"
        );
        yield return Case("version 4", GgufBytes.Header(0, 0, 4), 4, "only supports up to 3");
        yield return Case("big-endian version", GgufBytes.Header(0, 0, 0x03000000), 4, "big-endian");
        foreach (var count in new[] { -1L, 1L << 62 })
        {
            yield return Case($"{count} tensors", GgufBytes.Header(count, 0).Zeros(64), 8, "count of tensors out of range");
            yield return Case($"{count} entries", GgufBytes.Header(0, count).Zeros(64), 16, "count of metadata entries out of range");
        }
        yield return Case("more tensors than fit", GgufBytes.Header(3, 0).Zeros(71), 8, "room for at most 2");
        yield return Case("more entries than fit", GgufBytes.Header(0, 6).Zeros(77), 16, "room for at most 5");

        yield return Case("key of 2^64 - 1 bytes", OneValue().I64(-1).Zeros(32), 24, "string too long (18446744073709551615 bytes");
        yield return Case("key beyond 2^30 bytes", OneValue().I64((1L << 30) + 1).Zeros(32), 24, "string too long");
        yield return Case("key beyond the end", OneValue().I64(33).Zeros(32), 24, "string too long (33 bytes, but 32 remain");
        yield return Case("string value beyond the end", OneValue().Text("k").I32(8).I64(100).Zeros(8), 37, "string too long");
        yield return Case("empty key", OneValue().Value("", 1), 24, "key 0 is empty");
        yield return Case("key that is not ASCII", OneValue().Value("é", 1), 24, "ASCII");
        yield return Case("key of 65,536 characters", OneValue().Value(new string('k', 65536), 1), 24, "ASCII");
        yield return Case("duplicate key", GgufBytes.Header(0, 2).Value("k", 1).Value("k", 2), 41, "duplicate key 'k'");
        yield return Case("value type 13", OneValue().Text("k").I32(13).Zeros(32), 33, "unknown value type 13");
        yield return Case("value type -1", OneValue().Text("k").I32(-1).Zeros(32), 33, "unknown value type -1");
        yield return Case("value beyond the end", OneValue().Text("key").I32(4).Raw([1, 2]), 39, "truncated");
        yield return Case("value one byte short", OneValue().Text("key").I32(4).Raw([1, 2, 3]), 39, "4 bytes needed, but 3 remain");
        yield return Case("array of arrays", OneValue().Text("k").I32(9).I32(9).I64(1).Zeros(32), 37, "arrays of arrays");
        yield return Case("array element type 99", OneValue().Text("k").I32(9).I32(99).I64(1).Zeros(32), 37, "unknown value type 99");
        yield return Case("array beyond the end", OneValue().Text("k").I32(9).I32(4).I64(9).Zeros(32), 41, "array too long");
        yield return Case(
            "array whose byte count wraps",
            OneValue().Text("k").I32(9).I32(10).I64(1L << 61).Zeros(32),
            41,
            "array too long"
        );
        yield return Case("array of -1 elements", OneValue().Text("k").I32(9).I32(0).I64(-1).Zeros(32), 41, "array too long");
        yield return Case("array of more strings than fit", OneValue().Text("k").I32(9).I32(8).I64(5).Zeros(32), 41, "array too long");

        foreach (var alignment in new[] { 0u, 13u })
            yield return Case(
                $"alignment {alignment}",
                OneValue().Value("general.alignment", alignment),
                53,
                $"expected a power of two, found {alignment}"
            );
        yield return Case(
            "alignment as u64",
            OneValue().Text("general.alignment").I32(10).I64(32),
            53,
            "general.alignment: expected u32, found u64"
        );

        yield return Case("tensor name of 64 bytes", OneTensor().Tensor(new string('n', 64), F32, 0, 8).Pad().Zeros(32), 24, "at most 63");
        yield return Case(
            "tensor name that is not UTF-8",
            OneTensor().I64(1).Raw([0xFF]).U32(0).I32(F32).I64(0).Pad().Zeros(32),
            24,
            "not UTF-8"
        );
        yield return Case(
            "duplicate tensor",
            GgufBytes.Header(2, 0).Tensor("t", F32, 0, 8).Tensor("t", F32, 32, 8).Pad().Zeros(64),
            57,
            "duplicate tensor 't'"
        );
        yield return Case(
            "five dimensions (CVE-2024-21802)",
            OneTensor().Tensor("t", F32, 0, 1, 1, 1, 1, 1).Pad().Zeros(32),
            33,
            "5 dimensions"
        );
        yield return Case("2^32 - 1 dimensions", OneTensor().Text("t").I32(-1).Zeros(64), 33, "4294967295 dimensions");
        yield return Case("negative dimension", OneTensor().Tensor("t", F32, 0, 8, -1).Pad().Zeros(32), 33, "negative dimension");
        yield return Case(
            "product of 2^63 (CVE-2026-33298)",
            OneTensor().Tensor("t", I8, 0, 4L * int.MaxValue, 4L * int.MaxValue).Pad().Zeros(32),
            33,
            "overflows"
        );
        yield return Case("bytes of 2^63", OneTensor().Tensor("t", F32, 0, 1L << 62).Pad().Zeros(32), 33, "overflows");
        yield return Case("row too large behind a zero", OneTensor().Tensor("t", F32, 0, 1L << 62, 0).Pad().Zeros(32), 33, "overflows");
        foreach (
            var (id, name) in new[]
            {
                (4, "Q4_2"),
                (5, "Q4_3"),
                (31, "Q4_0_4_4"),
                (32, "Q4_0_4_8"),
                (33, "Q4_0_8_8"),
                (36, "IQ4_NL_4_4"),
                (37, "IQ4_NL_4_8"),
                (38, "IQ4_NL_8_8"),
            }
        )
            yield return Case(
                $"removed type {id}",
                OneTensor().Tensor("t", id, 0, 256).Pad().Zeros(512),
                45,
                $"type {id} ({name}), which was removed"
            );
        foreach (var id in new[] { 43, -1, int.MinValue, int.MaxValue })
            yield return Case($"type {id}", OneTensor().Tensor("t", id, 0, 256).Pad().Zeros(512), 45, $"unknown type {id}");
        yield return Case(
            "row that does not fill blocks",
            OneTensor().Tensor("t", Q4, 0, 48).Pad().Zeros(64),
            33,
            "not a multiple of the Q4_0 block of 32"
        );
        yield return Case("hole before a tensor", OneTensor().Tensor("t", F32, 32, 8).Pad().Zeros(64), 49, "has offset 32, expected 0");
        yield return Case(
            "misaligned offset",
            GgufBytes.Header(2, 0).Tensor("t", F32, 0, 9).Tensor("u", F32, 36, 8).Pad().Zeros(96),
            82,
            "has offset 36, expected 64"
        );
        yield return Case(
            "offset 2^64 - 1",
            OneTensor().Tensor("t", F32, ulong.MaxValue, 8).Pad().Zeros(64),
            49,
            "has offset 18446744073709551615"
        );
        yield return Case(
            "sum of sizes that wraps (CVE-2026-27940)",
            GgufBytes
                .Header(2, 0)
                .Tensor("t", I8, 0, 0x7FFFFFFFFFFFFFC0)
                .Tensor("u", I8, 0x7FFFFFFFFFFFFFC0, 0x7FFFFFFFFFFFFFC0)
                .Pad()
                .Zeros(64),
            57,
            "sum of the tensor sizes up to here overflows"
        );
        yield return Case("padding that wraps", OneTensor().Tensor("t", I8, 0, long.MaxValue).Pad().Zeros(64), 24, "overflows");
        yield return Case(
            "written with alignment 1, read with 32",
            GgufBytes.Header(2, 0).Tensor("t", F32, 0, 1).Tensor("u", F32, 4, 1).Pad().Zeros(64),
            82,
            "has offset 4, expected 32 (alignment 32)"
        );
        yield return Case("no data at all", OneTensor().Tensor("t", F32, 0, 8), 57, "the data section lies beyond the end");
        yield return Case(
            "data cut short (CVE-2026-7482)",
            OneTensor().Tensor("t", F32, 0, 8).Pad().Zeros(31),
            64,
            "the file ends at byte 95"
        );
        yield return Case(
            "second tensor's data missing",
            GgufBytes.Header(2, 0).Tensor("t", F32, 0, 8).Tensor("u", F32, 32, 8).Pad().Zeros(32),
            128,
            "tensor 'u' takes 32 bytes"
        );
        yield return Case("directory cut short", OneTensor().Tensor("tensor", F32, 0, 8).CutBy(4), 54, "truncated");
    }
}
