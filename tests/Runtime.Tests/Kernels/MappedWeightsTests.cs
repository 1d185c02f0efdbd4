using System.IO.MemoryMappedFiles;
using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Tests.Kernels;

/// <summary>Rows of a table are read from the file behind the mapping.</summary>
[TestFixture]
[Category("Kernels")]
internal sealed unsafe class MappedWeightsTests
{
    [Test]
    public void Bytes_at_an_address_are_those_of_the_file_there_and_a_cut_file_is_named()
    {
        var path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{nameof(MappedWeightsTests)}-{Environment.ProcessId}.bin");
        var content = new byte[10_000];
        new Random(5).NextBytes(content);
        File.WriteAllBytes(path, content);
        try
        {
            using var file = File.OpenHandle(path);
            using var map = MemoryMappedFile.CreateFromFile(
                file,
                null,
                0,
                MemoryMappedFileAccess.Read,
                HandleInheritability.None,
                leaveOpen: true
            );
            using var view = map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
            byte* start = null;
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
            try
            {
                var weights = new MappedWeights(file, (nint)start);
                var bytes = new byte[777];
                weights.Read((nint)(start + 4321), bytes);
                Assert.Multiple(() =>
                {
                    Assert.That(bytes, Is.EqualTo(content[4321..5098]));
                    Assert.That(
                        () => weights.Read((nint)(start + 9_999), new byte[2]),
                        Throws.TypeOf<InputException>().With.Message.Contains("cut")
                    );
                });
            }
            finally
            {
                view.SafeMemoryMappedViewHandle.ReleasePointer();
            }
        }
        finally
        {
            File.Delete(path);
        }
    }
}
