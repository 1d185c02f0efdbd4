using CsCheck;
using NUnit.Framework;
using TaalasSim.Runtime.Card.Device;
using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Tests.Card;

[TestFixture, Category("Smoke")]
public sealed class RuntimeImageTests
{
    private static ImageVerdict Verify(byte[] bytes, ImagePolicy? policy = null) =>
        ImageVerifier.Verify(new MemoryStream(bytes), policy ?? new ImagePolicy());

    [Test]
    public void Written_image_verifies_and_lists_its_sections()
    {
        var verdict = Verify(TestCard.Image());
        Assert.Multiple(() =>
        {
            Assert.That(verdict.Code, Is.EqualTo(StatusCode.Ok), verdict.Message);
            Assert.That(
                verdict.Image!.Sections.Select(s => (s.Name, s.Offset, s.Size)),
                Is.EqualTo(new[] { ("firmware", 4096L, 5000L), ("model.json", 12288L, 2L) })
            );
            Assert.That(TestCard.Image(), Is.EqualTo(TestCard.Image()));
        });
    }

    [TestCase(0, ImageCheck.Magic)]
    [TestCase(16, ImageCheck.Length)]
    [TestCase(45, ImageCheck.HeaderCrc)]
    [TestCase(508, ImageCheck.HeaderCrc)]
    [TestCase(512 + 24, ImageCheck.TableBounds)]
    [TestCase(512 + 50, ImageCheck.TableHash)]
    [TestCase(2000, ImageCheck.TableBounds)]
    [TestCase(5000, ImageCheck.SectionHash)]
    [TestCase(12289, ImageCheck.SectionHash)]
    public void Damaged_byte_is_found_by_the_check_that_covers_it(int at, ImageCheck expected)
    {
        var bytes = TestCard.Image();
        bytes[at] ^= 1;
        var verdict = Verify(bytes);
        Assert.Multiple(() =>
        {
            Assert.That(verdict.Failed, Is.EqualTo(expected));
            Assert.That(verdict.Code, Is.EqualTo(StatusCode.ImageRejected));
            Assert.That(verdict.Message, Does.Not.Contain("\n").And.Not.Empty);
        });
    }

    [Test]
    public void Policy_decides_on_signature_identity_and_rollback() =>
        Assert.Multiple(() =>
        {
            Assert.That(Verify(TestCard.Image(), new ImagePolicy { AllowUnsigned = false }).Code, Is.EqualTo(StatusCode.ImageSignature));
            Assert.That(Verify(TestCard.Image(), new ImagePolicy { Model = Guid.NewGuid() }).Code, Is.EqualTo(StatusCode.ModelMismatch));
            Assert.That(Verify(TestCard.Image(), new ImagePolicy { Mask = Guid.NewGuid() }).Code, Is.EqualTo(StatusCode.ModelMismatch));
            Assert.That(Verify(TestCard.Image(), new ImagePolicy { MinimumSecurityVersion = 2 }).Failed, Is.EqualTo(ImageCheck.Rollback));
        });

    [Test]
    public void No_damaged_or_truncated_image_passes_or_throws()
    {
        var good = TestCard.Image();
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Int[1, 255], Gen.Int[0, good.Length])
            .Sample(
                (at, flip, length) =>
                {
                    var bytes = good.ToArray();
                    bytes[at] ^= (byte)flip;
                    return Verify(bytes).Code != StatusCode.Ok
                        && (length == good.Length || Verify(good[..length]).Code == StatusCode.ImageRejected);
                },
                iter: 300
            );
    }
}
