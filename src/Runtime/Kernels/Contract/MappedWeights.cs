using Microsoft.Win32.SafeHandles;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Runtime.Kernels.Contract;

/// <summary>
/// The file behind mapped weights, for single rows of a table: the system maps sixteen pages or more around each one that is touched, so
/// that rows taken here and there through the mapping would bring most of the table into the process. Read, they bring nothing.
/// </summary>
/// <param name="file">Open file; stays the caller's.</param>
/// <param name="start">Where its first byte is mapped.</param>
public sealed class MappedWeights(SafeFileHandle file, nint start)
{
    /// <summary>Copies what is mapped at an address.</summary>
    /// <exception cref="InputException">The file was cut while it was in use.</exception>
    public void Read(nint address, Span<byte> bytes)
    {
        for (var done = 0; done < bytes.Length; )
        {
            var n = RandomAccess.Read(file, bytes[done..], address - start + done);
            if (n == 0)
                throw new InputException("the weights layer was cut while it was in use; compile the image again");
            done += n;
        }
    }
}
