package fieldline.engine

/** Why an engineer will not take a visit. */
enum class DeclineReason { NoTime, Skill, NoPart, TooFar, Ill, Other }

/** Why work rests. */
enum class PauseReason { Break, WaitingParts, WaitingCustomer, NoAccess, Unsafe }

/** How a visit ended. */
enum class VisitResult { Fixed, Partly, NoFaultFound, CouldNot }

/** What a photo shows. */
enum class PhotoShows { Before, After, Other }

/** How urgent HQ holds a ticket to be. */
enum class Priority { Low, Normal, High, Critical }

/** How far the field got with a visit; [Unknown] is of a newer version. */
enum class VisitPhase { Offered, Accepted, Declined, EnRoute, Arrived, Working, Paused, Done, Taken, Unknown }

/** A step that a screen offers now. [CouldNot] is a finish that passes with that result only. */
enum class NextStep { Accept, Decline, Depart, Arrive, Start, Pause, Resume, Finish, CouldNot }

/** Where a photo is. */
enum class PhotoState { Waiting, AtHq, Refused, Lost, Elsewhere }

/** How a part is kept for a ticket. */
enum class KeptState { Reserved, InDoubt, Requested }

/** What a checklist item takes; [Unknown] is of a newer version and takes words. */
enum class CheckKind { Tick, Reading, Photo, Text, Unknown }

/** What a code is about. */
enum class CodeSort { Fault, Cause, Remedy }

/** Who did something. */
enum class Who { Me, Colleague, Hq, Customer, Server }

/** What became of an operation that did not become what the person meant. */
enum class CardFate { Overruled, Displaced, Refused }

/** Which tickets a list shows. */
enum class ListScope { Open, Done, Left }
