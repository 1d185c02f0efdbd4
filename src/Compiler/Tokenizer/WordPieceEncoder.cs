using System.Globalization;
using System.Text;

namespace TaalasSim.Compiler.Tokenizer;

/// <summary>
/// WordPiece (kind <c>bert</c>), lower case without accents: words and single punctuation marks, each cut greedily into the longest
/// tokens; a word that cannot be cut whole becomes the unknown token.
/// </summary>
internal sealed class WordPieceEncoder(Vocabulary vocabulary, int unknownId) : IFragmentEncoder
{
    public void Encode(ReadOnlySpan<char> text, List<int> ids)
    {
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            var codePoint = BaseCharacters.Of(rune.Value);
            if (CodePointClass.IsWhiteSpace(codePoint))
            {
                Finish();
                continue;
            }
            var category = CodePointClass.Category(codePoint);
            if (codePoint is 0 or 0xFFFD || IsDropped(category))
                continue;
            var letter = new Rune(codePoint);
            var lower = (category == UnicodeCategory.OtherNotAssigned ? letter : Rune.ToLowerInvariant(letter)).ToString();
            if (StandsAlone(codePoint, category))
            {
                Finish();
                word.Append(lower);
                Finish();
            }
            else
            {
                word.Append(lower);
            }
        }
        Finish();

        void Finish()
        {
            if (word.Length > 0)
                EncodeWord("\u2581" + word, ids);
            word.Clear();
        }
    }

    private static bool IsDropped(UnicodeCategory category) =>
        category
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.Surrogate
                or UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.EnclosingMark;

    private static bool StandsAlone(int codePoint, UnicodeCategory category) =>
        category is >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherPunctuation
        || (codePoint < 0x7F && category is >= UnicodeCategory.MathSymbol and <= UnicodeCategory.OtherSymbol)
        || codePoint
            is (>= 0x4E00 and <= 0x9FFF)
                or (>= 0x3400 and <= 0x4DBF)
                or (>= 0x20000 and <= 0x2A6DF)
                or (>= 0x2A700 and <= 0x2B81F)
                or (>= 0x2B920 and <= 0x2CEAF)
                or (>= 0xF900 and <= 0xFAFF)
                or (>= 0x2F800 and <= 0x2FA1F);

    private void EncodeWord(ReadOnlySpan<char> word, List<int> ids)
    {
        var before = ids.Count;
        for (var start = 0; start < word.Length; )
        {
            var length = Math.Min(word.Length - start, vocabulary.LongestText);
            while (length > 0 && vocabulary.Find(word.Slice(start, length)) < 0)
                length--;
            if (length == 0)
            {
                ids.RemoveRange(before, ids.Count - before);
                break;
            }
            ids.Add(vocabulary.Find(word.Slice(start, length)));
            start += length;
        }
        if (ids.Count == before)
            ids.Add(unknownId);
    }
}
