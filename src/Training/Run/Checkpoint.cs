using System.Runtime.InteropServices;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Training.Run;

/// <summary>
/// A stopped training run on disk, little-endian: the plan as text (length-prefixed UTF-8), the steps done (i32), then the state's arrays
/// (f32). It is written under a temporary name and renamed, so an interruption keeps the previous file.
/// </summary>
internal static class Checkpoint
{
    /// <summary>Writes a state.</summary>
    public static void Save(string path, TrainingPlan plan, int stepsDone, IReadOnlyList<float[]> arrays)
    {
        AtomicFile.Write(path, stream =>
        {
            using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
            writer.Write(plan.ToString());
            writer.Write(stepsDone);
            foreach (var array in arrays)
                writer.Write(MemoryMarshal.AsBytes(array.AsSpan()));
        });
    }

    /// <summary>Reads a state into arrays of the right lengths.</summary>
    /// <returns>The steps done.</returns>
    /// <exception cref="InputException">The file is damaged or belongs to another plan.</exception>
    public static int Load(string path, TrainingPlan plan, IReadOnlyList<float[]> arrays)
    {
        try
        {
            using var reader = new BinaryReader(File.OpenRead(path));
            if (reader.ReadString() != plan.ToString())
                throw new InputException(
                    $"{path}: the checkpoint belongs to a run with other settings; give those settings, or delete it to start again."
                );
            var stepsDone = reader.ReadInt32();
            foreach (var array in arrays)
                reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(array.AsSpan()));
            return stepsDone;
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException)
        {
            throw new InputException($"{path}: the checkpoint is damaged; delete it to start again.", e);
        }
    }
}
