using System.Buffers.Binary;
using System.Text;
using NUnit.Framework;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Tests.Files;

/// <summary>Files that are something else are named for what they are.</summary>
[TestFixture, Category("Smoke")]
public sealed class FileKindTests
{
    private static IEnumerable<TestCaseData> Files()
    {
        static TestCaseData Case(byte[] head, string kind) => new TestCaseData(head, kind).SetArgDisplayNames(kind);
        yield return Case([], "empty");
        yield return Case("<!DOCTYPE html><html><head><title>Sign in</title>"u8.ToArray(), "web page");
        yield return Case("\ufeff\n <HTML lang='en'>"u8.ToArray(), "web page");
        yield return Case("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n"u8.ToArray(), "Git LFS pointer");
        yield return Case([0x1F, 0x8B, 8, 0, 1, 2], "gzip");
        yield return Case("PK\u0003\u0004"u8.ToArray(), "PyTorch");
        yield return Case([0x80, 2, (byte)'}'], "pickle");
        yield return Case(Safetensors(), "safetensors");
        yield return Case("GGUF"u8.ToArray(), "GGUF");
        yield return Case("lmgg"u8.ToArray(), "before August 2023");
        yield return Case("{\"error\": 1}"u8.ToArray(), "JSON");
        yield return Case("name: x\nbase: y\n"u8.ToArray(), "a text");
        yield return Case(new byte[64], "zeros");
        yield return Case(Matrix(), "importance matrix");
        yield return Case(Tar(), "tar");
    }

    [TestCaseSource(nameof(Files))]
    public void A_file_is_named(byte[] head, string kind)
    {
        var found = FileKind.OfHead(head, Math.Max(head.Length, head.Length == 0 ? 0 : 4096));
        Assert.That(found?.Name, Does.Contain(kind));
        Assert.That(found!.Advice, Is.Not.Empty);
    }

    [Test]
    public void Bytes_without_a_sign_have_no_kind() => Assert.That(FileKind.OfHead([0xC3, 1, 2, 3, 9, 0, 0, 7], 4096), Is.Null);

    private static byte[] Safetensors()
    {
        var head = new byte[40];
        BinaryPrimitives.WriteUInt64LittleEndian(head, 100);
        "{\"t\":{\"dtype\":\"F16\""u8.CopyTo(head.AsSpan(8));
        return head;
    }

    // Two entries; the first has a name of 18 bytes.
    private static byte[] Matrix()
    {
        var name = Encoding.ASCII.GetBytes("blk.0.attn_q.weight");
        byte[] head = [2, 0, 0, 0, (byte)name.Length, 0, 0, 0, .. name, 1, 0, 0, 0];
        return head;
    }

    private static byte[] Tar()
    {
        var head = new byte[512];
        "model.gguf"u8.CopyTo(head);
        "ustar"u8.CopyTo(head.AsSpan(257));
        return head;
    }
}
